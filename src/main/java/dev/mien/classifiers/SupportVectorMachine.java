package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A C-SVC with RBF kernel on standardised features, one against one with voting: the model LIBSVM fits (Chang and Lin
 * 2011), to the same tolerance, with dense kernel rows and the pairs of classes in parallel. LIBSVM's own Java code
 * takes 50 s on 4,000 x 512 features and grows with the cube of the rows.
 */
public final class SupportVectorMachine implements Classifier {

    private final Settings settings;
    private final long seed;
    private final int threads;
    private volatile OneAgainstOne model;
    private volatile int fittedRows;

    /**
     * Hyper-parameters.
     *
     * @param c penalty of a row on the wrong side, above 0
     * @param gamma of the kernel exp(-gamma |a - b|^2) on standardised features; 0 stands for 1/d, LIBSVM's default
     * @param maxRows fit on at most this many rows, a stratified draw; 0 takes all
     * @param classWeighting how much rare classes count: multiplies c
     */
    public record Settings(double c, double gamma, int maxRows, ClassWeighting classWeighting)
            implements ClassifierSettings {

        /** LIBSVM's defaults, on every row. */
        public static final Settings DEFAULT = new Settings(1, 0, 0, ClassWeighting.NONE);

        /** The same on at most 8,000 rows, rare classes weighted up. */
        public static final Settings QUICK = new Settings(1, 0, 8_000, ClassWeighting.SQUARE_ROOT);

        /** Checks the ranges; {@link IllegalArgumentException} otherwise. */
        public Settings {
            ClassifierSettings.check(c > 0 && Double.isFinite(c), "C", c, "above 0");
            ClassifierSettings.check(gamma >= 0 && Double.isFinite(gamma), "gamma", gamma, "0 or more");
            ClassifierSettings.check(maxRows >= 0, "max rows", maxRows, "0 or more");
            ClassifierSettings.check(classWeighting != null, "class weighting", null, "given");
        }

        @Override
        public ClassifierKind kind() {
            return ClassifierKind.SVM;
        }

        @Override
        public SupportVectorMachine create(long seed, int threads) {
            return new SupportVectorMachine(this, seed, threads, null);
        }
    }

    private SupportVectorMachine(Settings settings, long seed, int threads, OneAgainstOne model) {
        this.settings = settings;
        this.seed = seed;
        this.threads = threads;
        this.model = model;
    }

    static SupportVectorMachine read(ClassifierFile file) throws IOException {
        OneAgainstOne model = OneAgainstOne.ofBytes(file.payload(), file.classes(), file.columns());
        return new SupportVectorMachine((Settings) file.settings(), 0, 1, model);
    }

    @Override
    public ClassifierKind kind() {
        return ClassifierKind.SVM;
    }

    /** The settings and, once fitted, on how many rows and with how many support vectors. */
    @Override
    public Map<String, String> settings() {
        Map<String, String> readable = new LinkedHashMap<>(settings.readable());
        if (settings.gamma == 0) {
            readable.put("gamma", "1/d");
        }
        if (settings.maxRows == 0) {
            readable.put("max rows", "all");
        }
        if (fittedRows > 0) {
            readable.put("fitted on rows", String.valueOf(fittedRows));
        }
        if (model != null) {
            readable.put("support vectors", String.valueOf(model.supportVectors()));
        }
        return readable;
    }

    @Override
    public void fit(FloatMatrix features, int[] labels, int classes) {
        Inputs.checkFit(features, labels, classes);
        int limit = settings.maxRows == 0 ? labels.length : settings.maxRows;
        int[] rows = StratifiedFolds.subset(labels, limit, seed);
        int[] chosen = Arrays.stream(rows).map(row -> labels[row]).toArray();
        double gamma = settings.gamma == 0 ? 1.0 / features.columns() : settings.gamma;
        float[] penalties = settings.classWeighting.weights(chosen, classes);
        for (int label = 0; label < classes; label++) {
            penalties[label] *= (float) settings.c;
        }
        model = OneAgainstOne.fit(features.select(rows), chosen, classes, gamma, penalties, threads);
        fittedRows = rows.length;
    }

    @Override
    public int[] predict(FloatMatrix features) {
        Inputs.checkPredict(features, model == null ? 0 : model.columns());
        return model.predict(features);
    }

    @Override
    public void save(Path file) throws IOException {
        if (model == null) {
            throw new IllegalStateException("the classifier has not been fitted");
        }
        new ClassifierFile(settings, model.classes(), model.columns(), model.toBytes()).write(file);
    }
}
