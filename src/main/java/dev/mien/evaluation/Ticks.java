package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Round numbers along an axis.
 *
 * @param low the axis starts here
 * @param high the axis ends here; above {@code low}
 * @param step distance between ticks: 1, 2 or 5 times a power of ten
 */
record Ticks(double low, double high, double step) {

    /** An axis that covers {@code low..high} with about {@code wanted} ticks and ends on ticks at both sides. */
    static Ticks covering(double low, double high, int wanted) {
        double span = high > low ? high - low : Math.max(1e-6, Math.abs(low) * 0.1);
        double step = roundStep(span / wanted);
        double first = Math.floor(low / step + 1e-9) * step;
        double last = Math.ceil((low + span) / step - 1e-9) * step;
        return new Ticks(first, Math.max(last, first + step), step);
    }

    /** An axis of exactly {@code low..high}, with ticks at the round numbers inside. */
    static Ticks within(double low, double high, int wanted) {
        double span = high > low ? high - low : 1;
        return new Ticks(low, low + span, roundStep(span / wanted));
    }

    private static double roundStep(double raw) {
        double power = Math.pow(10, Math.floor(Math.log10(raw)));
        double lead = raw / power;
        return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
    }

    List<Double> values() {
        List<Double> values = new ArrayList<>();
        for (long k = (long) Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) {
            values.add(k * step);
        }
        return values;
    }

    String print(double value) {
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(step) - 1e-9));
        return decimals > 6
                ? String.format(Locale.ROOT, "%.1e", value)
                : Format.decimals(value == 0 ? 0.0 : value, decimals);
    }

    /** Where {@code value} lies in pixels when the axis runs from {@code from} to {@code to}. */
    double at(double value, double from, double to) {
        return from + (value - low) / (high - low) * (to - from);
    }
}
