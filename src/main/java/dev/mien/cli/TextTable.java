package dev.mien.cli;

import java.util.ArrayList;
import java.util.List;

/** A table for a terminal: columns two blanks apart, text to the left, figures to the right. */
final class TextTable {

    private final List<String[]> rows = new ArrayList<>();
    private final int textColumns;

    /** The first {@code textColumns} columns hold text, the others figures. */
    TextTable(int textColumns, String... header) {
        this.textColumns = textColumns;
        rows.add(header);
    }

    TextTable row(Object... cells) {
        String[] texts = new String[cells.length];
        for (int i = 0; i < cells.length; i++) {
            texts[i] = String.valueOf(cells[i]);
        }
        rows.add(texts);
        return this;
    }

    @Override
    public String toString() {
        int[] widths = new int[rows.get(0).length];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String blanks = " ".repeat(widths[i] - row[i].length());
                line.append(i == 0 ? "" : "  ").append(i < textColumns ? row[i] + blanks : blanks + row[i]);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
