package dev.mien.evaluation;

/** Text made safe for HTML, and the tables in it. */
final class Html {

    private Html() {}

    /** Escapes text for element content and for quoted attributes; characters that XML forbids become U+FFFD. */
    static String escape(String text) {
        StringBuilder safe = new StringBuilder();
        (text == null ? Format.MISSING : text).codePoints().forEach(c -> {
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
        return safe.toString();
    }

    private static boolean allowed(int c) {
        return c >= 0x20 && (c < 0xD800 || c > 0xDFFF) && c != 0xFFFE && c != 0xFFFF || c == '\t' || c == '\n';
    }

    /** A table with its title as a heading above and its footnotes below; wide ones scroll sideways on small screens. */
    static String table(Table table) {
        StringBuilder html = new StringBuilder("<section class=\"table\"><h3>" + escape(table.title()) + "</h3>\n");
        boolean prose = table.columns().stream().anyMatch(column -> column.kind() == Table.Kind.PAPER_TEXT);
        html.append("<div class=\"scroll\"><table" + (prose ? " class=\"prose\"" : "") + ">\n<thead><tr>");
        for (Table.Column column : table.columns()) {
            html.append("<th scope=\"col\"%s>%s</th>".formatted(style(column.kind()), escape(column.name())));
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (Table.Row row : table.rows()) {
            html.append(row.emphasised() ? "<tr class=\"best\">" : "<tr>");
            for (int i = 0; i < row.cells().size(); i++) {
                html.append("<td%s>%s</td>"
                        .formatted(
                                style(table.columns().get(i).kind()),
                                escape(row.cells().get(i))));
            }
            html.append("</tr>\n");
        }
        if (table.rows().isEmpty()) {
            html.append("<tr><td colspan=\"%d\">nothing was run</td></tr>\n"
                    .formatted(table.columns().size()));
        }
        html.append("</tbody></table></div>\n");
        table.footnotes().forEach(note -> html.append("<p class=\"footnote\">" + escape(note) + "</p>\n"));
        return html.append("</section>\n").toString();
    }

    private static String style(Table.Kind kind) {
        return switch (kind) {
            case TEXT -> "";
            case FIGURE -> " class=\"figure\"";
            case PAPER -> " class=\"figure paper\"";
            case PAPER_TEXT -> " class=\"paper\"";
        };
    }
}
