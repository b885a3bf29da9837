package dev.mien.evaluation;

import java.util.List;
import java.util.Locale;

/** A small drawing; its colours come from the page's style sheet, so that it follows light and dark. */
final class Svg {

    private static final String STYLE = "text{font:12px sans-serif;fill:#222}.heading{font-weight:bold}"
            + ".tick,.small{fill:#666;font-size:11px}.grid{stroke:#e4e4e4}.axis{stroke:#888}"
            + ".mark{stroke:#888;stroke-dasharray:4 3}.interval{stroke-width:2;opacity:.45}"
            + ".interval.a{stroke:#2a6f97}.interval.b{stroke:#c8553d}.dot.a{fill:#2a6f97}.dot.b{fill:#c8553d}";

    private final StringBuilder body = new StringBuilder();
    private final int width;
    private final int height;
    private final String description;

    Svg(int width, int height, String description) {
        this.width = width;
        this.height = height;
        this.description = description;
    }

    Svg line(String style, double x1, double y1, double x2, double y2) {
        return add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    Svg circle(String style, double x, double y, double radius) {
        return add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\"/>", style, x, y, radius);
    }

    /** A scale along the bottom of a drawing: grid lines up to {@code top}, figures, and what they are. */
    Svg scale(Ticks ticks, double left, double right, double top, double bottom, String name) {
        for (double value : ticks.values()) {
            double at = ticks.at(value, left, right);
            line("grid", at, top, at, bottom).text("tick", "middle", at, bottom + 16, ticks.print(value));
        }
        return line("axis", left, bottom, right, bottom)
                .text("small", "middle", (left + right) / 2.0, bottom + 34, name);
    }

    /** Text at a point; {@code anchor} is start, middle or end. */
    Svg text(String style, String anchor, double x, double y, String text) {
        return add(
                "<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>",
                style, anchor, x, y, Html.escape(text));
    }

    /** A path through points (x, y) in pixels. */
    Svg path(String style, List<double[]> points, boolean closed) {
        StringBuilder d = new StringBuilder();
        for (double[] point : points) {
            d.append(String.format(Locale.ROOT, "%s%.1f %.1f", d.isEmpty() ? "M" : "L", point[0], point[1]));
        }
        return add("<path class=\"%s\" d=\"%s\"/>", style, d + (closed ? "Z" : ""));
    }

    /** The drawing as a file, which brings its own colours. */
    String toFile() {
        return toString()
                .replaceFirst("<svg ", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" ")
                .replaceFirst(
                        ">\n",
                        ">\n<style>" + STYLE + "</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    }

    private Svg add(String format, Object... values) {
        body.append(String.format(Locale.ROOT, format, values)).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n%s</svg>\n"
                .formatted(width, height, Html.escape(description), body);
    }
}
