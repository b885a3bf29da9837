package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.List;

/** A table of the report, printed alike as HTML and as Markdown. Cells are plain text. */
final class Table {

    /** What a column holds: text is left-aligned, figures right-aligned, the paper's values are set back. */
    enum Kind {
        TEXT,
        FIGURE,
        PAPER,
        PAPER_TEXT
    }

    record Column(String name, Kind kind) {}

    record Row(List<String> cells, boolean emphasised) {}

    private final String title;
    private final List<Column> columns = new ArrayList<>();
    private final List<Row> rows = new ArrayList<>();
    private final List<String> footnotes = new ArrayList<>();

    Table(String title) {
        this.title = title;
    }

    Table column(String name, Kind kind) {
        columns.add(new Column(name, kind));
        return this;
    }

    Table columns(Kind kind, String... names) {
        for (String name : names) {
            column(name, kind);
        }
        return this;
    }

    Table row(boolean emphasised, List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalStateException(
                    "table '%s' has %d columns, a row has %d cells".formatted(title, columns.size(), cells.size()));
        }
        rows.add(new Row(List.copyOf(cells), emphasised));
        return this;
    }

    Table row(String... cells) {
        return row(false, List.of(cells));
    }

    Table footnote(String sentence) {
        footnotes.add(sentence);
        return this;
    }

    /** Explains the cells that stand for an absent figure, where there are any. */
    Table explained() {
        explain(Format.UNKNOWN, "–: not in the figures of the paper available to us.");
        explain(
                Format.NOT_COMPARABLE,
                "n/c: not comparable, the two were not measured on the same data or in the same way.");
        explain(Format.MISSING, "n/a: not run, not stated or not defined.");
        return this;
    }

    private void explain(String cell, String sentence) {
        if (rows.stream().anyMatch(row -> row.cells().contains(cell))) {
            footnotes.add(sentence);
        }
    }

    String title() {
        return title;
    }

    List<Column> columns() {
        return columns;
    }

    List<Row> rows() {
        return rows;
    }

    List<String> footnotes() {
        return footnotes;
    }
}
