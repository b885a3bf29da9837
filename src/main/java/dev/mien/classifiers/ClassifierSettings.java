package dev.mien.classifiers;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The settings of one classifier: a record whose components are the hyper-parameters. */
public sealed interface ClassifierSettings
        permits SoftmaxHead.Settings,
                NeuralNetwork.Settings,
                SupportVectorMachine.Settings,
                RandomForest.Settings,
                GradientBoosting.Settings {

    /** The classifier these settings are for. */
    ClassifierKind kind();

    /**
     * An unfitted classifier with these settings.
     *
     * @param seed of every random choice while fitting
     * @param threads at most this many cores while fitting, at least 1
     */
    Classifier create(long seed, int threads);

    /**
     * The settings in declaration order and readable form: {@code maxDepth = 10} becomes {@code "max depth" -> "10"}.
     */
    default Map<String, String> readable() {
        Map<String, String> readable = new LinkedHashMap<>();
        for (RecordComponent component : getClass().getRecordComponents()) {
            readable.put(words(component.getName()), text(component));
        }
        return readable;
    }

    private String text(RecordComponent component) {
        try {
            Object value = component.getAccessor().invoke(this);
            if (value instanceof int[] numbers) {
                return Arrays.toString(numbers);
            }
            return value instanceof Enum<?> word ? words(word.name().toLowerCase(Locale.ROOT)) : String.valueOf(value);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String words(String name) {
        return name.replace('_', ' ').replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** Throws an {@link IllegalArgumentException} naming the setting unless {@code valid}. */
    static void check(boolean valid, String setting, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("%s must be %s, not %s".formatted(setting, expected, value));
        }
    }
}
