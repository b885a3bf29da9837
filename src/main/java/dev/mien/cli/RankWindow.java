package dev.mien.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** A window of hardness ranks, such as {@code 2:5}: the second to the fifth hardest. */
record RankWindow(int low, int high) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}):(\\d{1,9})");

    static RankWindow parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (matcher.matches()) {
            RankWindow window = new RankWindow(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            if (window.low >= 1 && window.high >= window.low) {
                return window;
            }
        }
        throw new TypeConversionException("'" + text + "' is not a window of ranks such as 1:1 or 2:5");
    }
}
