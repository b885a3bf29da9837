package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A drawing of one figure for many variants, a line each: a small dot for each seed, a large one for their mean. */
final class SpreadChart {

    private static final int WIDTH = 640;
    private static final int LEFT = 190;
    private static final int RIGHT = WIDTH - 60;
    private static final int TOP = 26;
    private static final int LINE = 20;

    private final String name;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String group, String label, double[] seeds, double mean) {}

    /** @param name of the figure, below the axis */
    SpreadChart(String name) {
        this.name = name;
    }

    SpreadChart row(String group, String label, double[] seeds) {
        double mean = Arrays.stream(seeds).average().orElse(Double.NaN);
        rows.add(new Row(group, label, seeds, mean));
        return this;
    }

    /** The drawing as a file of its own; the first row's mean is a line across. */
    String draw() {
        double low = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.seeds))
                .min()
                .orElse(0);
        double high = rows.stream()
                .flatMapToDouble(row -> Arrays.stream(row.seeds))
                .max()
                .orElse(1);
        Ticks x = Ticks.covering(low, high, 6);
        long groups = rows.stream().map(Row::group).distinct().count();
        int bottom = TOP + (int) (rows.size() + groups) * LINE + 6;
        Svg svg = new Svg(WIDTH, bottom + 40, name + " of every variant, each seed and their mean");
        svg.scale(x, LEFT, RIGHT, TOP, bottom, name);
        reference(svg, x, bottom);
        lines(svg, x);
        return svg.toFile();
    }

    private void reference(Svg svg, Ticks x, int bottom) {
        double at = x.at(rows.get(0).mean, LEFT, RIGHT);
        svg.line("mark", at, TOP - 4, at, bottom).text("small", "middle", at, TOP - 9, rows.get(0).label);
    }

    private void lines(Svg svg, Ticks x) {
        double y = TOP;
        String group = "";
        for (Row row : rows) {
            if (!group.equals(row.group)) {
                group = row.group;
                y += LINE;
                svg.text("heading", "start", 2, y - 4, group);
            }
            y += LINE;
            double middle = y - LINE / 2.0 + 2;
            String style = row.mean > rows.get(0).mean ? "b" : "a";
            svg.text("label", "end", LEFT - 10, middle + 4, row.label);
            double[] ordered = row.seeds.clone();
            Arrays.sort(ordered);
            svg.line(
                    "interval " + style,
                    x.at(ordered[0], LEFT, RIGHT),
                    middle,
                    x.at(ordered[ordered.length - 1], LEFT, RIGHT),
                    middle);
            for (double seed : row.seeds) {
                svg.circle("dot " + style, x.at(seed, LEFT, RIGHT), middle, 2);
            }
            svg.circle("dot " + style, x.at(row.mean, LEFT, RIGHT), middle, 4.5)
                    .text("label", "start", RIGHT + 9, middle + 4, Format.decimals(row.mean, 2));
        }
    }
}
