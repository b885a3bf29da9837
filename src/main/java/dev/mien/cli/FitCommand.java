package dev.mien.cli;

import dev.mien.classifiers.Classifier;
import dev.mien.classifiers.ClassifierKind;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.classifiers.Classifiers;
import dev.mien.classifiers.RandomSearch;
import dev.mien.data.Expression;
import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien fit}: a classifier on embeddings. */
@Command(
        name = "fit",
        header = "Fit a classifier on embeddings.",
        description =
                "Takes the settings of a preset, or the best of a random search by accuracy over stratified folds, which"
                        + " leaves the score of every fit in C.search.json.",
        footer = {
            "",
            "Examples:",
            "  mien fit --embeddings E.npy --labels Y.npy --classifier xgboost --out C",
            "  mien fit --embeddings E.npy --labels Y.npy --classifier svm \\",
            "           --preset quick --search 25 --out C"
        })
final class FitCommand extends Subcommand {

    private static final int FOLDS = 5;

    @Mixin
    private FeatureOptions features;

    @Option(
            names = "--classifier",
            required = true,
            paramLabel = "K",
            description = "softmax, ann, svm, random-forest or xgboost.")
    private ClassifierKind kind;

    @Option(
            names = "--preset",
            paramLabel = "P",
            description = "Settings: paper (default), or quick: fewer trees, epochs and SVM rows.")
    private ClassifierPreset preset = ClassifierPreset.PAPER;

    @Option(
            names = "--search",
            paramLabel = "N",
            description = "Random search of N fits: N/5 candidates on 5 stratified folds (the paper: 25).")
    private int search;

    @Option(
            names = "--resume",
            description = "Keep the fits of a search of the same features that C.search.json lists already.")
    private boolean resume;

    @Option(names = "--out", required = true, paramLabel = "C", description = "Classifier file to write.")
    private Path out;

    /** The result as JSON; the cross-validated accuracy is null without a search. */
    private record Summary(
            Path out,
            ClassifierKind classifier,
            int rows,
            int columns,
            double trainAccuracy,
            Double crossValidatedAccuracy,
            double seconds,
            Map<String, String> settings) {}

    @Override
    void run(Console console) throws IOException {
        if (search < 0 || search % FOLDS != 0) {
            throw usage("--search must be a multiple of 5 (folds), not " + search);
        }
        if (resume && search == 0) {
            throw usage("--resume is of a --search");
        }
        OutputPath.checkFile(out);
        FloatMatrix embeddings = ArrayFiles.embeddings(features.embeddings);
        int[] labels = ArrayFiles.expressions(features.labels, embeddings, features.embeddings);
        long started = System.nanoTime();
        if (search == 0) {
            try (Classifier classifier = Classifiers.create(kind, preset, global().seed, global().threads())) {
                classifier.fit(embeddings, labels, Expression.COUNT);
                finish(classifier, embeddings, labels, null, started);
            }
            return;
        }
        RandomSearch.Result found = search(console, embeddings, labels);
        try (Classifier classifier = found.classifier()) {
            finish(classifier, embeddings, labels, found.best().mean(), started);
        }
    }

    private RandomSearch.Result search(Console console, FloatMatrix embeddings, int[] labels) throws IOException {
        Path log = out.resolveSibling(out.getFileName() + ".search.json");
        if (!resume) {
            Files.deleteIfExists(log);
        }
        return new RandomSearch(
                        search / FOLDS,
                        FOLDS,
                        RandomSearch.Scoring.ACCURACY,
                        global().seed,
                        global().threads(),
                        global().progress(console),
                        log)
                .run(kind, preset, embeddings, labels, Expression.COUNT);
    }

    private void finish(
            Classifier classifier, FloatMatrix embeddings, int[] labels, Double crossValidated, long started)
            throws IOException {
        double seconds = (System.nanoTime() - started) / 1e9;
        classifier.save(out);
        int[] predicted = classifier.predict(embeddings);
        double accuracy = IntStream.range(0, labels.length)
                        .filter(row -> labels[row] == predicted[row])
                        .count()
                / (double) labels.length;
        Summary summary = new Summary(
                out,
                kind,
                embeddings.rows(),
                embeddings.columns(),
                accuracy,
                crossValidated,
                seconds,
                classifier.settings());
        print(summary, text(summary));
    }

    private static String text(Summary s) {
        String searched = s.crossValidatedAccuracy == null
                ? ""
                : String.format(Locale.ROOT, ", cross-validated accuracy %.2f %%", 100 * s.crossValidatedAccuracy);
        TextTable settings = new TextTable(2, "setting", "value");
        s.settings.forEach(settings::row);
        return String.format(
                        Locale.ROOT,
                        "%s: %s on %d rows in %.1f s, training accuracy %.2f %%%s%n%n",
                        s.out,
                        s.classifier.word(),
                        s.rows,
                        s.seconds,
                        100 * s.trainAccuracy,
                        searched)
                + settings;
    }
}
