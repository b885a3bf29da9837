package dev.mien.evaluation;

import dev.mien.data.Split;
import dev.mien.evaluation.Results.Topic;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The report as one HTML page that loads nothing: styles and drawings are inside. */
final class HtmlReport {

    private final Results results;
    private final Scores scores;
    private final ReportTables tables;
    private final Headline headline;
    private final StringBuilder html = new StringBuilder();

    private HtmlReport(Results results) {
        this.results = results;
        this.scores = new Scores(results);
        this.tables = new ReportTables(results);
        this.headline = new Headline(results);
    }

    static String of(Results results) {
        HtmlReport report = new HtmlReport(results);
        report.head();
        report.setup();
        report.scores();
        report.figures();
        report.depth();
        report.remarks();
        return report.html.append("</main></body></html>\n").toString();
    }

    private void head() {
        html.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<title>" + Html.escape(headline.title()) + "</title>\n<style>\n" + style()
                        + "</style></head>\n<body><main>\n");
        html.append("<h1>" + Html.escape(headline.title()) + "</h1>\n");
        html.append("<p class=\"soft\">" + Html.escape(Headline.SUBTITLE) + "</p>\n<div class=\"headline\">\n");
        for (Headline.Figure figure : headline.figures()) {
            html.append("<div><b>%s</b><span>%s</span></div>\n"
                    .formatted(Html.escape(figure.value()), Html.escape(figure.meaning())));
        }
        html.append("</div>\n");
        headline.sentences().forEach(this::paragraph);
        headline.dataRemark().ifPresent(remark -> html.append("<p class=\"remark\">" + Html.escape(remark) + "</p>\n"));
        Double paper = PaperFigures.sameData(results.dataset()) ? PaperFigures.BEST_TEST_ACCURACY : null;
        Charts.accuracies(scores.on(Split.TEST), scores.best().orElse(null), paper)
                .ifPresent(chart -> html.append("<figure class=\"wide\">" + chart + "</figure>\n"));
    }

    private void setup() {
        heading("What was run");
        html.append("<dl>\n");
        headline.facts()
                .forEach((name, value) -> html.append("<dt>%s</dt><dd>%s</dd>\n"
                        .formatted(
                                Html.escape(name),
                                name.equals("Command")
                                        ? "<code>" + Html.escape(value) + "</code>"
                                        : Html.escape(value))));
        html.append("</dl>\n");
        List<Results.Setting> deviations = tables.of(Topic.DEVIATION);
        if (!deviations.isEmpty()) {
            html.append("<h3>Deviations from the paper</h3>\n<ul>\n");
            deviations.forEach(this::item);
            html.append("</ul>\n");
        }
        for (Table table : List.of(tables.splits(), tables.classes(), tables.training(), tables.classifiers())) {
            html.append(Html.table(table));
        }
    }

    private void scores() {
        heading("Scores");
        paragraph(Headline.AVERAGES);
        ScoreTables all = new ScoreTables(results);
        all.all().forEach(table -> html.append(Html.table(table)));
        paragraph(Headline.OVERFIT);
        html.append(Html.table(all.beyond()));
    }

    private void figures() {
        HtmlFigures figures = new HtmlFigures(results);
        heading("Figure 6. Training");
        html.append(figures.curves());
        html.append(Html.table(tables.models()));
        heading("Figure 7. Distances between embeddings");
        html.append(figures.distances());
        html.append(Html.table(RetrievalTable.of(results)));
    }

    private void depth() {
        heading("Classes and confusions");
        scores.best().ifPresent(best -> html.append(Html.table(tables.perClass(best))));
        html.append(new HtmlConfusion(scores).all());
        heading("Time");
        html.append(Html.table(tables.time()));
    }

    private void remarks() {
        heading("Protocol and notes");
        html.append("<ul>\n");
        tables.of(Topic.PROTOCOL).forEach(this::item);
        results.notes().forEach(note -> html.append("<li>" + Html.escape(note) + "</li>\n"));
        html.append("<li>" + Html.escape(Headline.SOURCE) + "</li>\n</ul>\n");
    }

    private void item(Results.Setting setting) {
        html.append("<li>%s: %s</li>\n"
                .formatted(Html.escape(Format.text(setting.name())), Html.escape(Format.text(setting.value()))));
    }

    private void heading(String text) {
        html.append("<h2>" + Html.escape(text) + "</h2>\n");
    }

    private void paragraph(String text) {
        html.append("<p>" + Html.escape(text) + "</p>\n");
    }

    private static String style() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(css.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
