package dev.mien.evaluation;

import java.util.List;

/** A dot with its 95 % interval for every combination, one line each, under a heading per model. */
final class AccuracyChart {

    private static final int WIDTH = 520;
    private static final int LEFT = 112;
    private static final int RIGHT = WIDTH - 52;
    private static final int TOP = 30;
    private static final int LINE = 22;

    private final List<Score> scores;
    private final Score best;
    private final Double paper;

    /** {@code best} is drawn in another colour; {@code paper} in 0..1 is a line across; either may be null. */
    AccuracyChart(List<Score> scores, Score best, Double paper) {
        this.scores = scores;
        this.best = best;
        this.paper = paper == null ? null : 100 * paper;
    }

    String draw() {
        double low = scores.stream().mapToDouble(score -> bound(score, 0)).min().orElseThrow();
        double high =
                scores.stream().mapToDouble(score -> bound(score, 1)).max().orElseThrow();
        Ticks x = Ticks.covering(
                paper == null ? low : Math.min(low, paper), paper == null ? high : Math.max(high, paper), 6);
        long groups = scores.stream().map(AccuracyChart::group).distinct().count();
        int bottom = TOP + (int) (scores.size() + groups) * LINE + 6;
        Svg svg = new Svg(WIDTH, bottom + 40, "Test accuracy of every combination with its 95 % interval");
        svg.scale(x, LEFT, RIGHT, TOP, bottom, "test accuracy, %");
        if (paper != null) {
            reference(svg, x, bottom);
        }
        rows(svg, x);
        return svg.toString();
    }

    private void reference(Svg svg, Ticks x, int bottom) {
        double at = x.at(paper, LEFT, RIGHT);
        String anchor = at > RIGHT - 70 ? "end" : at < LEFT + 70 ? "start" : "middle";
        svg.line("mark", at, TOP - 6, at, bottom)
                .text("small", anchor, at, TOP - 12, "the paper’s best, " + Format.percent(paper / 100));
    }

    private void rows(Svg svg, Ticks x) {
        double y = TOP;
        String group = "";
        for (Score score : scores) {
            if (!group.equals(group(score))) {
                group = group(score);
                y += LINE;
                svg.text("heading", "start", 2, y - 5, group);
            }
            y += LINE;
            String style = score.equals(best) ? "b" : "a";
            double middle = y - LINE / 2.0 + 2;
            double from = x.at(bound(score, 0), LEFT, RIGHT);
            double to = x.at(bound(score, 1), LEFT, RIGHT);
            svg.text("label", "end", LEFT - 10, middle + 4, Format.name(score.classifier()))
                    .line("interval " + style, from, middle, to, middle)
                    .circle("dot " + style, x.at(100 * score.accuracy(), LEFT, RIGHT), middle, 4)
                    .text("label", "start", RIGHT + 9, middle + 4, Format.percent(score.accuracy()));
        }
    }

    private static String group(Score score) {
        return Format.name(score.loss()) + ", " + score.backbone();
    }

    private static double bound(Score score, int side) {
        Double bound = score.bound(side);
        return 100 * (bound == null ? score.accuracy() : bound);
    }
}
