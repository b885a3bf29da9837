package dev.mien.classifiers;

import java.io.IOException;
import java.util.List;

/**
 * A multi-layer perceptron on standardised features: hidden layers with ReLU and dropout, Adam, early stopping on a
 * stratified tenth of the rows.
 */
public final class NeuralNetwork extends DenseClassifier {

    private final Settings settings;
    private final long seed;

    /**
     * Hyper-parameters.
     *
     * @param hidden widths of one to eight hidden layers, each at least 1
     * @param dropout share of hidden units dropped while fitting, 0 or more and below 1
     * @param epochs passes over the rows at most, at least 1
     * @param batch rows per step, at least 1
     * @param learningRate of the first step, above 0; falls to 0 along a cosine
     * @param l2 weight decay, 0 or more
     * @param patience epochs without a lower held-out loss before stopping; 0 holds nothing out
     * @param classWeighting how much rare classes count
     */
    public record Settings(
            List<Integer> hidden,
            double dropout,
            int epochs,
            int batch,
            double learningRate,
            double l2,
            int patience,
            ClassWeighting classWeighting)
            implements ClassifierSettings {

        private static final int MOST_LAYERS = 8;
        private static final int WIDEST = 65_536;

        /** Two hidden layers, up to a hundred epochs. */
        public static final Settings DEFAULT =
                new Settings(List.of(512, 256), 0.5, 100, 128, 1e-3, 1e-4, 10, ClassWeighting.NONE);

        /** One hidden layer, up to thirty epochs. */
        public static final Settings QUICK =
                new Settings(List.of(256), 0.5, 30, 256, 1e-3, 1e-4, 5, ClassWeighting.NONE);

        /** Checks the ranges; {@link IllegalArgumentException} otherwise. */
        public Settings {
            boolean widths = hidden != null
                    && !hidden.isEmpty()
                    && hidden.size() <= MOST_LAYERS
                    && hidden.stream().allMatch(width -> width != null && width >= 1 && width <= WIDEST);
            ClassifierSettings.check(widths, "hidden", hidden, "one to eight widths of 1 to " + WIDEST);
            hidden = List.copyOf(hidden);
            ClassifierSettings.check(dropout >= 0 && dropout < 1, "dropout", dropout, "0 or more and below 1");
            ClassifierSettings.check(epochs >= 1, "epochs", epochs, "at least 1");
            ClassifierSettings.check(batch >= 1, "batch", batch, "at least 1");
            ClassifierSettings.check(learningRate > 0, "learning rate", learningRate, "above 0");
            ClassifierSettings.check(l2 >= 0, "l2", l2, "0 or more");
            ClassifierSettings.check(patience >= 0, "patience", patience, "0 or more");
            ClassifierSettings.check(classWeighting != null, "class weighting", null, "given");
        }

        @Override
        public ClassifierKind kind() {
            return ClassifierKind.ANN;
        }

        @Override
        public NeuralNetwork create(long seed, int threads) {
            return new NeuralNetwork(this, seed, null);
        }
    }

    private NeuralNetwork(Settings settings, long seed, DenseNetwork network) {
        super(settings, network);
        this.settings = settings;
        this.seed = seed;
    }

    static NeuralNetwork read(ClassifierFile file) throws IOException {
        DenseNetwork network = DenseNetwork.ofBytes(file.payload(), file.classes(), file.columns());
        return new NeuralNetwork((Settings) file.settings(), 0, network);
    }

    @Override
    DenseTraining training() {
        int[] widths = settings.hidden.stream().mapToInt(Integer::intValue).toArray();
        return new DenseTraining(
                widths,
                settings.dropout,
                settings.epochs,
                settings.batch,
                settings.learningRate,
                settings.l2,
                settings.patience,
                settings.classWeighting,
                seed);
    }
}
