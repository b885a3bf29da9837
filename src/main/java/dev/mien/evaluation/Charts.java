package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The report's three kinds of chart. Each is empty when there is nothing finite to draw. */
final class Charts {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 250;
    private static final int LEFT = 46;
    private static final int RIGHT = WIDTH - 14;
    private static final int TOP = 24;
    private static final int BOTTOM = HEIGHT - 38;

    private Charts() {}

    /** One curve: its style ({@code a} or {@code b}) and its points (x, y) in ascending x. */
    record Line(String style, List<double[]> points) {}

    /** Curves over epochs; {@code best} marks the epoch whose weights were kept, or is null. */
    static Optional<String> lines(String description, List<Line> lines, Integer best) {
        List<double[]> points = lines.stream()
                .flatMap(line -> line.points().stream())
                .filter(Charts::drawable)
                .toList();
        if (points.isEmpty()) {
            return Optional.empty();
        }
        Ticks x = Ticks.within(min(points, 0), Math.max(max(points, 0), min(points, 0) + 1), 8);
        x = x.step() < 1 ? new Ticks(x.low(), x.high(), 1) : x;
        Ticks y = Ticks.covering(min(points, 1), max(points, 1), 5);
        Svg svg = new Svg(WIDTH, HEIGHT, description);
        axes(svg, x, y, "epoch");
        if (best != null && best >= x.low() && best <= x.high()) {
            double at = x.at(best, LEFT, RIGHT);
            String anchor = at < LEFT + 40 ? "start" : at > RIGHT - 40 ? "end" : "middle";
            svg.line("mark", at, TOP - 4, at, BOTTOM).text("small", anchor, at, TOP - 9, "best: " + best);
        }
        for (Line line : lines) {
            draw(svg, line, x, y);
        }
        return Optional.of(svg.toString());
    }

    private static void draw(Svg svg, Line line, Ticks x, Ticks y) {
        List<double[]> stretch = new ArrayList<>();
        for (double[] point : line.points()) {
            if (drawable(point)) {
                stretch.add(new double[] {x.at(point[0], LEFT, RIGHT), y.at(point[1], BOTTOM, TOP)});
            } else {
                finish(svg, line.style(), stretch);
            }
        }
        finish(svg, line.style(), stretch);
    }

    /** Draws a stretch without gaps: a line, or a dot for a single point. */
    private static void finish(Svg svg, String style, List<double[]> stretch) {
        if (stretch.size() == 1) {
            svg.circle("dot " + style, stretch.get(0)[0], stretch.get(0)[1], 3);
        } else if (!stretch.isEmpty()) {
            svg.path("curve " + style, stretch, false);
        }
        stretch.clear();
    }

    /** Two histograms over the same bins, each as the share of its own pairs in percent. */
    static Optional<String> histogram(String description, Results.Distances distances) {
        int bins = Math.min(distances.same().size(), distances.different().size());
        List<Double> edges = distances.binEdges();
        double same = total(distances.same());
        double different = total(distances.different());
        if (bins == 0 || edges.size() != bins + 1 || same + different == 0 || edges.get(bins) <= edges.get(0)) {
            return Optional.empty();
        }
        double top = 0;
        for (int i = 0; i < bins; i++) {
            top = Math.max(top, share(distances.same().get(i), same));
            top = Math.max(top, share(distances.different().get(i), different));
        }
        Ticks x = Ticks.within(edges.get(0), edges.get(bins), 7);
        Ticks y = Ticks.covering(0, top, 5);
        Svg svg = new Svg(WIDTH, HEIGHT, description);
        axes(svg, x, y, Format.text(distances.distance()) + " distance");
        area(svg, "b", edges, distances.different(), different, x, y);
        area(svg, "a", edges, distances.same(), same, x, y);
        return Optional.of(svg.toString());
    }

    private static void area(
            Svg svg, String style, List<Double> edges, List<Long> counts, double total, Ticks x, Ticks y) {
        List<double[]> outline = new ArrayList<>();
        outline.add(new double[] {x.at(edges.get(0), LEFT, RIGHT), BOTTOM});
        for (int i = 0; i + 1 < edges.size(); i++) {
            double height = y.at(share(counts.get(i), total), BOTTOM, TOP);
            outline.add(new double[] {x.at(edges.get(i), LEFT, RIGHT), height});
            outline.add(new double[] {x.at(edges.get(i + 1), LEFT, RIGHT), height});
        }
        outline.add(new double[] {x.at(edges.get(edges.size() - 1), LEFT, RIGHT), BOTTOM});
        svg.path("area " + style, outline, true);
    }

    private static void axes(Svg svg, Ticks x, Ticks y, String xName) {
        for (double value : y.values()) {
            double at = y.at(value, BOTTOM, TOP);
            svg.line("grid", LEFT, at, RIGHT, at).text("tick", "end", LEFT - 7, at + 4, y.print(value));
        }
        for (double value : x.values()) {
            double at = x.at(value, LEFT, RIGHT);
            svg.line("axis", at, BOTTOM, at, BOTTOM + 4).text("tick", "middle", at, BOTTOM + 17, x.print(value));
        }
        svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM).text("small", "middle", (LEFT + RIGHT) / 2.0, HEIGHT - 4, xName);
    }

    /** Test accuracies in percent with their 95 % intervals, grouped by model, beside the paper's best (or null). */
    static Optional<String> accuracies(List<Score> scores, Score best, Double paper) {
        List<Score> shown = scores.stream()
                .filter(score -> Format.defined(score.accuracy()))
                .toList();
        return shown.isEmpty() ? Optional.empty() : Optional.of(new AccuracyChart(shown, best, paper).draw());
    }

    private static boolean drawable(double[] point) {
        return Math.abs(point[1]) < 1e100;
    }

    private static double share(long count, double total) {
        return total == 0 ? 0 : 100 * count / total;
    }

    private static double total(List<Long> counts) {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    private static double min(List<double[]> points, int axis) {
        return points.stream().mapToDouble(point -> point[axis]).min().orElseThrow();
    }

    private static double max(List<double[]> points, int axis) {
        return points.stream().mapToDouble(point -> point[axis]).max().orElseThrow();
    }
}
