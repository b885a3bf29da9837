package dev.mien.classifiers;

import dev.mien.backbones.Backbone;
import dev.mien.internal.Downloads;
import java.io.IOException;

/**
 * Multinomial logistic regression: a linear layer and a softmax on standardised features, fitted by mini-batch Adam
 * with L2. A network's own head is a classifier of the same kind: {@link #of}.
 */
public final class SoftmaxHead extends DenseClassifier {

    private final Settings settings;
    private final long seed;

    /**
     * Hyper-parameters.
     *
     * @param epochs passes over the rows, at least 1
     * @param batch rows per step, at least 1
     * @param learningRate of the first step, above 0; falls to 0 along a cosine
     * @param l2 weight decay, 0 or more
     * @param classWeighting how much rare classes count
     */
    public record Settings(int epochs, int batch, double learningRate, double l2, ClassWeighting classWeighting)
            implements ClassifierSettings {

        /** Thirty epochs: the loss is flat by then on FER2013's features. */
        public static final Settings DEFAULT = new Settings(30, 256, 1e-3, 1e-4, ClassWeighting.NONE);

        /** Checks the ranges; {@link IllegalArgumentException} otherwise. */
        public Settings {
            ClassifierSettings.check(epochs >= 1, "epochs", epochs, "at least 1");
            ClassifierSettings.check(batch >= 1, "batch", batch, "at least 1");
            ClassifierSettings.check(learningRate > 0, "learning rate", learningRate, "above 0");
            ClassifierSettings.check(l2 >= 0, "l2", l2, "0 or more");
            ClassifierSettings.check(classWeighting != null, "class weighting", null, "given");
        }

        @Override
        public ClassifierKind kind() {
            return ClassifierKind.SOFTMAX;
        }

        @Override
        public SoftmaxHead create(long seed, int threads) {
            return new SoftmaxHead(this, seed, null);
        }
    }

    private SoftmaxHead(Settings settings, long seed, DenseNetwork network) {
        super(settings, network);
        this.settings = settings;
        this.seed = seed;
    }

    /**
     * The head of a trained network as a fitted classifier, on features as they come (not standardised).
     *
     * @param weight (classes, d) row-major
     * @param bias (classes)
     * @throws IllegalArgumentException if the lengths do not fit
     */
    public static SoftmaxHead of(float[] weight, float[] bias) {
        return new SoftmaxHead(Settings.DEFAULT, 0, DenseNetwork.linear(weight, bias));
    }

    /** The head of a backbone, trained with cross entropy, as a fitted classifier on its features. */
    public static SoftmaxHead of(Backbone backbone) {
        return of(
                Downloads.floats(backbone.parameters().get("head.weight")),
                Downloads.floats(backbone.parameters().get("head.bias")));
    }

    static SoftmaxHead read(ClassifierFile file) throws IOException {
        DenseNetwork network = DenseNetwork.ofBytes(file.payload(), file.classes(), file.columns());
        return new SoftmaxHead((Settings) file.settings(), 0, network);
    }

    @Override
    DenseTraining training() {
        return new DenseTraining(
                new int[0],
                0,
                settings.epochs,
                settings.batch,
                settings.learningRate,
                settings.l2,
                0,
                settings.classWeighting,
                seed);
    }
}
