package dev.mien.cli;

import dev.mien.internal.Words;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads enum constants by their words. */
final class WordConverters {

    private WordConverters() {}

    /** Teaches a command line the words of some enums; an unknown word is wrong usage and names the known ones. */
    @SafeVarargs
    static void register(CommandLine line, Class<? extends Enum<?>>... types) {
        for (Class<? extends Enum<?>> type : types) {
            register(line, type);
        }
    }

    private static <E extends Enum<?>> void register(CommandLine line, Class<E> type) {
        ITypeConverter<E> converter = word -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> Words.of(constant).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is not one of " + Words.list(type)));
        line.registerConverter(type, converter);
    }
}
