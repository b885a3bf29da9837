package dev.mien.classifiers;

import java.io.IOException;
import java.nio.file.Path;

/** Makes classifiers and reads them back. */
public final class Classifiers {

    private Classifiers() {}

    /**
     * An unfitted classifier.
     *
     * @param seed of every random choice while fitting
     * @param threads at most this many cores while fitting, at least 1
     */
    public static Classifier create(ClassifierKind kind, ClassifierPreset preset, long seed, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        return settings(kind, preset).create(seed, threads);
    }

    /** The settings a preset stands for. */
    public static ClassifierSettings settings(ClassifierKind kind, ClassifierPreset preset) {
        boolean quick = preset == ClassifierPreset.QUICK;
        return switch (kind) {
            case SOFTMAX -> SoftmaxHead.Settings.DEFAULT;
            case ANN -> quick ? NeuralNetwork.Settings.QUICK : NeuralNetwork.Settings.DEFAULT;
            case SVM -> quick ? SupportVectorMachine.Settings.QUICK : SupportVectorMachine.Settings.DEFAULT;
            case RANDOM_FOREST -> quick ? RandomForest.Settings.QUICK : RandomForest.Settings.DEFAULT;
            case XGBOOST -> quick ? GradientBoosting.Settings.QUICK : GradientBoosting.Settings.DEFAULT;
        };
    }

    /**
     * Reads what {@link Classifier#save} wrote; its predictions equal those of the classifier that was saved.
     *
     * @throws IOException naming the file if it is missing, cut short, damaged or no classifier
     */
    public static Classifier load(Path file) throws IOException {
        ClassifierFile content = ClassifierFile.read(file);
        int threads = Runtime.getRuntime().availableProcessors();
        try {
            return switch (content.settings().kind()) {
                case SOFTMAX -> SoftmaxHead.read(content);
                case ANN -> NeuralNetwork.read(content);
                case SVM -> SupportVectorMachine.read(content);
                case RANDOM_FOREST -> RandomForest.read(content, threads);
                case XGBOOST -> GradientBoosting.read(content, threads);
            };
        } catch (IOException | ArithmeticException e) {
            throw new IOException("%s is damaged: %s".formatted(file, e.getMessage()), e);
        }
    }

    static Class<? extends ClassifierSettings> settingsType(ClassifierKind kind) {
        return settings(kind, ClassifierPreset.PAPER).getClass();
    }
}
