package dev.mien.cli;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Enum constants as the command line spells them: {@code BATCH_HARD} is {@code batch-hard}. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Teaches a command line the words of some enums; an unknown word is wrong usage and names the known ones. */
    @SafeVarargs
    static void register(CommandLine line, Class<? extends Enum<?>>... types) {
        for (Class<? extends Enum<?>> type : types) {
            register(line, type);
        }
    }

    private static <E extends Enum<?>> void register(CommandLine line, Class<E> type) {
        ITypeConverter<E> converter = word -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> of(constant).equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is not one of " + list(type)));
        line.registerConverter(type, converter);
    }

    static String list(Class<? extends Enum<?>> type) {
        return Arrays.stream(type.getEnumConstants()).map(Words::of).collect(Collectors.joining(", "));
    }
}
