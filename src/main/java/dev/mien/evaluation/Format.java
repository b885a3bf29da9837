package dev.mien.evaluation;

import java.util.Locale;
import java.util.Map;

/** Numbers and names as the report prints them; independent of the machine's locale. */
final class Format {

    /** A figure of ours that is undefined or was not measured. */
    static final String MISSING = "n/a";
    /** A figure of the paper that is not known to us. */
    static final String UNKNOWN = "–";
    /** A difference between figures that were not measured on the same thing. */
    static final String NOT_COMPARABLE = "n/c";

    private static final Map<String, String> NAMES = Map.of(
            "cross-entropy", "Cross entropy",
            "triplet", "Triplet",
            "joint", "Joint",
            "softmax", "Softmax",
            "ann", "ANN",
            "svm", "SVM",
            "random-forest", "Random forest",
            "xgboost", "XGBoost");

    private Format() {}

    /** The printed name of a loss or classifier; unknown words stay as they are. */
    static String name(String word) {
        return word == null ? MISSING : NAMES.getOrDefault(word, word);
    }

    /** A share in 0..1 as percent with two decimals, without the sign. */
    static String percent(Double share) {
        return decimals(share == null ? null : 100 * share, 2);
    }

    /** A difference of shares in percentage points, with its sign. */
    static String points(Double difference) {
        if (!defined(difference)) {
            return MISSING;
        }
        String digits = String.format(Locale.ROOT, "%.2f", Math.abs(100 * difference));
        return (digits.equals("0.00") ? "±" : difference < 0 ? "−" : "+") + digits;
    }

    static String decimals(Double value, int decimals) {
        return defined(value)
                ? String.format(Locale.ROOT, "%." + decimals + "f", value).replace('-', '−')
                : MISSING;
    }

    /** A value with three significant digits, such as a loss or a learning rate. */
    static String significant(Double value) {
        if (!defined(value)) {
            return MISSING;
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-3 || size >= 1e5)) {
            return String.format(Locale.ROOT, "%.2e", value);
        }
        int decimals = size == 0 ? 1 : Math.max(0, 2 - (int) Math.floor(Math.log10(size)));
        return decimals(value, decimals);
    }

    static String count(Number count) {
        return count == null ? MISSING : String.format(Locale.ROOT, "%,d", count.longValue());
    }

    static String pValue(Double p) {
        return !defined(p) ? MISSING : p < 1e-4 ? "< 0.0001" : decimals(p, 4);
    }

    static String seconds(Double seconds) {
        if (!defined(seconds)) {
            return MISSING;
        }
        if (seconds < 59.5) {
            return decimals(seconds, seconds < 10 ? 1 : 0) + " s";
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? "%d min %02d s".formatted(whole / 60, whole % 60)
                : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
    }

    static String text(String text) {
        return text == null || text.isBlank() ? MISSING : text;
    }

    static boolean defined(Double value) {
        return value != null && Double.isFinite(value);
    }
}
