package dev.mien.miners;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enum constants as the command line spells them: {@code BATCH_HARD} is {@code batch-hard}. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E parse(Class<E> type, String what, String word) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equals(word)) {
                return constant;
            }
        }
        String known = Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
        throw new IllegalArgumentException("unknown %s '%s'; known: %s".formatted(what, word, known));
    }
}
