package dev.mien.bench;

import java.util.List;
import java.util.Locale;

/**
 * A figure that the kernels are held to.
 *
 * @param figure what it is
 * @param on operation, distance and sizes
 * @param measured in {@code unit}
 * @param unit {@code x}, {@code %} or {@code MB}
 * @param required the least (or, of times and memory, the most) that will do; NaN where nothing was asked for
 * @param aim what is hoped for; NaN likewise
 * @param lowerIsBetter whether required and aim are upper bounds
 * @param detail how it came about, may be empty
 */
public record Target(
        String figure,
        String on,
        double measured,
        String unit,
        double required,
        double aim,
        boolean lowerIsBetter,
        String detail) {

    static Target atLeast(String figure, String on, double measured, String unit, double required, double aim) {
        return new Target(figure, on, measured, unit, required, aim, false, "");
    }

    static Target atMost(String figure, String on, double measured, String unit, double required, double aim) {
        return new Target(figure, on, measured, unit, required, aim, true, "");
    }

    Target with(String newDetail) {
        return new Target(figure, on, measured, unit, required, aim, lowerIsBetter, newDetail);
    }

    /** {@code aim reached}, {@code reached}, {@code missed}, or a dash where nothing was asked for. */
    public String verdict() {
        if (Double.isNaN(required)) {
            return "-";
        }
        return holds(aim) ? "aim reached" : holds(required) ? "reached" : "missed";
    }

    private boolean holds(double bound) {
        return lowerIsBetter ? measured <= bound : measured >= bound;
    }

    /** A table with a row for each. */
    public static String markdown(List<Target> targets) {
        StringBuilder table = new StringBuilder("| figure | on | measured | at least | aim | verdict | how |\n");
        table.append("|---|---|---|---|---|---|---|\n");
        for (Target t : targets) {
            table.append("| ")
                    .append(String.join(
                            " | ",
                            t.figure,
                            t.on,
                            t.print(t.measured),
                            t.print(t.required),
                            t.print(t.aim),
                            t.verdict(),
                            t.detail))
                    .append(" |\n");
        }
        return table.toString();
    }

    private String print(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String digits = String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.1f", value);
        return unit.equals("MB") ? digits + " MB" : unit.equals("%") ? digits + " %" : digits + "x";
    }
}
