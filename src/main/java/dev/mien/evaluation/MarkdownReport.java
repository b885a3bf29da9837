package dev.mien.evaluation;

import dev.mien.evaluation.Results.Topic;
import java.util.List;
import java.util.stream.Collectors;

/** The report as Markdown: the same words and tables as the HTML page, without its drawings. */
final class MarkdownReport {

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {}

    static String of(Results results) {
        MarkdownReport report = new MarkdownReport();
        Headline headline = new Headline(results);
        ReportTables tables = new ReportTables(results);
        report.head(headline);
        report.setup(headline, tables);
        report.scores(results, tables);
        report.heading("Protocol and notes");
        report.settings(tables.of(Topic.PROTOCOL));
        results.notes().forEach(note -> report.item(escape(note)));
        report.item(escape(Headline.SOURCE));
        return report.text.toString();
    }

    /** A table under its title, with its footnotes. */
    static String text(Table table) {
        MarkdownReport report = new MarkdownReport();
        report.table(table);
        return report.text.toString();
    }

    private void head(Headline headline) {
        text.append("# " + escape(headline.title()) + "\n\n" + escape(Headline.SUBTITLE) + "\n\n");
        headline.figures().forEach(figure -> item("**" + escape(figure.value()) + "** " + escape(figure.meaning())));
        text.append('\n');
        headline.sentences().forEach(this::paragraph);
        headline.dataRemark().ifPresent(remark -> text.append("> " + escape(remark) + "\n\n"));
        paragraph("Curves, distance distributions and confusion matrices are in report.html.");
    }

    private void setup(Headline headline, ReportTables tables) {
        heading("What was run");
        headline.facts()
                .forEach((name, value) -> item(name + ": " + (name.equals("Command") ? code(value) : escape(value))));
        List<Results.Setting> deviations = tables.of(Topic.DEVIATION);
        if (!deviations.isEmpty()) {
            text.append("\n### Deviations from the paper\n\n");
            settings(deviations);
        }
        text.append('\n');
        List.of(tables.splits(), tables.classes(), tables.training(), tables.classifiers())
                .forEach(this::table);
    }

    private void scores(Results results, ReportTables tables) {
        heading("Scores");
        paragraph(Headline.AVERAGES);
        ScoreTables scores = new ScoreTables(results);
        scores.all().forEach(this::table);
        paragraph(Headline.OVERFIT);
        table(scores.beyond());
        table(tables.models());
        table(RetrievalTable.of(results));
        new Scores(results).best().ifPresent(best -> table(tables.perClass(best)));
        table(tables.time());
    }

    private void settings(List<Results.Setting> settings) {
        settings.forEach(s -> item(escape(Format.text(s.name())) + ": " + escape(Format.text(s.value()))));
    }

    private void table(Table table) {
        text.append("### " + escape(table.title()) + "\n\n");
        row(table.columns().stream().map(column -> escape(column.name())).toList());
        row(table.columns().stream().map(MarkdownReport::alignment).toList());
        for (Table.Row row : table.rows()) {
            row(row.cells().stream()
                    .map(cell -> row.emphasised() ? "**" + escape(cell) + "**" : escape(cell))
                    .toList());
        }
        text.append('\n');
        table.footnotes().forEach(this::paragraph);
    }

    private static String alignment(Table.Column column) {
        return switch (column.kind()) {
            case TEXT, PAPER_TEXT -> "---";
            case FIGURE, PAPER -> "---:";
        };
    }

    private void row(List<String> cells) {
        text.append(cells.stream().collect(Collectors.joining(" | ", "| ", " |\n")));
    }

    private void heading(String heading) {
        text.append("\n## " + heading + "\n\n");
    }

    private void paragraph(String sentence) {
        text.append(escape(sentence) + "\n\n");
    }

    private void item(String markdown) {
        text.append("- " + markdown + "\n");
    }

    private static String code(String text) {
        return "`" + text.replaceAll("\\s+", " ").replace('`', '\'') + "`";
    }

    /** Plain text as Markdown that shows it as it is, on one line. */
    static String escape(String text) {
        return text.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\`*_|<>\\[\\]#])", "\\\\$1");
    }
}
