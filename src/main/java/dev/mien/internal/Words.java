package dev.mien.internal;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Enum constants as files and the command line spell them: {@code BATCH_HARD} is {@code batch-hard}. */
public final class Words {

    private Words() {}

    /** The word of a constant. */
    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The constant of a word, in any case.
     *
     * @param what the kind of thing, for the message
     * @throws IllegalArgumentException naming an unknown word and listing the known ones
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String what, String word) {
        for (E constant : type.getEnumConstants()) {
            if (of(constant).equalsIgnoreCase(word.trim())) {
                return constant;
            }
        }
        throw new IllegalArgumentException("unknown %s '%s'; expected one of %s".formatted(what, word, list(type)));
    }

    /** All words of a type, in order, comma-separated. */
    public static String list(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
    }
}
