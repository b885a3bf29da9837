package dev.mien.evaluation;

import dev.mien.data.Expression;
import dev.mien.data.Split;
import java.util.List;
import java.util.Locale;

/** Confusion matrices on the test split as heat maps: the best and the baseline open, the others folded. */
final class HtmlConfusion {

    /** From this share of a row on, light text reads better than dark on the cell's colour. */
    private static final double STRONG = 0.68;

    private final Scores scores;

    HtmlConfusion(Scores scores) {
        this.scores = scores;
    }

    String all() {
        StringBuilder html = new StringBuilder(
                "<h3>Confusion matrices, test</h3>\n"
                        + "<p class=\"soft\">Rows are actual classes, columns predicted ones: percent of the row, and images.</p>\n");
        Score best = scores.best().orElse(null);
        for (Score score : scores.on(Split.TEST)) {
            if (score.confusion().isEmpty()) {
                continue;
            }
            boolean open = score.equals(best) || score.isBaseline();
            String role = score.equals(best) ? " (best)" : score.isBaseline() ? " (baseline)" : "";
            String backbone = scores.severalBackbones() ? ", " + score.backbone() : "";
            html.append("<details%s><summary>%s</summary>\n%s</details>\n"
                    .formatted(
                            open ? " open=\"open\"" : "",
                            Html.escape(score.title() + backbone + role),
                            matrix(score.confusion())));
        }
        return html.toString();
    }

    private static String matrix(List<List<Long>> counts) {
        StringBuilder html = new StringBuilder("<div class=\"scroll\"><table class=\"confusion\"><thead><tr><th></th>");
        for (int c = 0; c < counts.size(); c++) {
            html.append("<th scope=\"col\">" + word(c) + "</th>");
        }
        html.append("</tr></thead><tbody>\n");
        for (int actual = 0; actual < counts.size(); actual++) {
            html.append("<tr><th scope=\"row\">" + word(actual) + "</th>");
            long total = counts.get(actual).stream().mapToLong(Long::longValue).sum();
            counts.get(actual).forEach(count -> html.append(cell(count, total)));
            html.append("</tr>\n");
        }
        return html.append("</tbody></table></div>\n").toString();
    }

    private static String cell(long count, long total) {
        double share = total == 0 ? 0 : (double) count / total;
        return String.format(
                Locale.ROOT,
                "<td%s style=\"background:rgb(var(--heat) / %.2f)\">%s<small>%,d</small></td>",
                share > STRONG ? " class=\"strong\"" : "",
                share,
                total == 0 ? Format.UNKNOWN : String.format(Locale.ROOT, "%.1f", 100 * share),
                count);
    }

    private static String word(int label) {
        return label < Expression.COUNT ? Expression.values()[label].word() : Integer.toString(label);
    }
}
