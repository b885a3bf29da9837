package dev.mien.cli;

import dev.mien.data.FloatMatrix;
import dev.mien.evaluation.Projection;
import dev.mien.evaluation.ProjectionChart;
import dev.mien.evaluation.RetrievalMetrics;
import dev.mien.evaluation.RetrievalMetrics.Scores;
import dev.mien.internal.AtomicFiles;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien retrieval}: how well embeddings find their class by distance. Needs no LibTorch. */
@Command(
        name = "retrieval",
        header = "Score embeddings by what they find among each other.",
        description =
                "Ranks all other embeddings, or those of --references, by their distance to each embedding, exactly and"
                        + " with ties to the lowest row. Prints precision at 1, R-precision, MAP@R, the mean reciprocal"
                        + " rank and the silhouette, over all and per class; NMI, the agreement of the classes with"
                        + " k-means clusters, as many as there are classes (Euclidean; for cosine at length 1); mean"
                        + " distances within and between classes; and the separation, the chance that a pair of"
                        + " different classes lies farther apart than a pair of the same class.",
        footer = {
            "",
            "Examples:",
            "  mien retrieval --embeddings E.npy --labels Y.npy --projection plot.svg",
            "  mien retrieval --embeddings test/E.npy --labels test/Y.npy \\",
            "                 --references train/E.npy --reference-labels train/Y.npy \\",
            "                 --distance cosine --json"
        })
final class RetrievalCommand extends Subcommand {

    @Mixin
    private FeatureOptions features;

    @Option(
            names = "--references",
            paramLabel = "E.npy",
            description = "float32 (m, d): look among these instead; none of them is taken for an embedding itself.")
    private Path references;

    @Option(names = "--reference-labels", paramLabel = "Y.npy", description = "int64 (m), with --references.")
    private Path referenceLabels;

    @Option(
            names = "--distance",
            paramLabel = "D",
            description = "euclidean (default), squared-euclidean, manhattan or cosine.")
    private Distance distance = Distance.EUCLIDEAN;

    @Option(
            names = "--restarts",
            paramLabel = "N",
            description = "k-means++ starts, of which the best counts (default: 5); 0 leaves NMI out.")
    private int restarts = 5;

    @Option(
            names = "--projection",
            paramLabel = "FILE",
            description = "Draw the embeddings along their two first principal components, coloured by class, at most"
                    + " 5000 of them: FILE ends in .svg or .png.")
    private Path projection;

    /** The result as JSON. */
    private record Summary(String kernels, double seconds, Path projection, RetrievalMetrics metrics) {}

    @Override
    void run(Console console) throws IOException {
        if ((references == null) != (referenceLabels == null)) {
            throw usage("--references and --reference-labels go together");
        }
        if (restarts < 0) {
            throw usage("--restarts must be 0 or more, not " + restarts);
        }
        if (projection != null) {
            if (!projection.toString().endsWith(".svg")
                    && !projection.toString().endsWith(".png")) {
                throw usage("--projection must end in .svg or .png, not " + projection);
            }
            OutputPath.checkFile(projection);
        }
        FloatMatrix embeddings = ArrayFiles.embeddings(features.embeddings);
        long[] labels = ArrayFiles.labels(features.labels, embeddings, features.embeddings);
        if (labels.length == 0) {
            throw new IllegalArgumentException(features.embeddings + " has no rows to score");
        }
        FloatMatrix others = references == null ? null : references(embeddings);
        long[] otherLabels = others == null ? null : ArrayFiles.labels(referenceLabels, others, references);
        long started = System.nanoTime();
        RetrievalMetrics metrics =
                RetrievalMetrics.of(embeddings, labels, others, otherLabels, distance, restarts, global().seed);
        double seconds = (System.nanoTime() - started) / 1e9;
        if (projection != null) {
            draw(embeddings, labels);
        }
        print(new Summary(Kernels.preferred().description(), seconds, projection, metrics), text(metrics));
    }

    private FloatMatrix references(FloatMatrix embeddings) throws IOException {
        FloatMatrix rows = ArrayFiles.embeddings(references);
        if (rows.columns() != embeddings.columns()) {
            throw new IllegalArgumentException("%s has %d columns but %s has %d"
                    .formatted(features.embeddings, embeddings.columns(), references, rows.columns()));
        }
        return rows;
    }

    private void draw(FloatMatrix embeddings, long[] labels) throws IOException {
        ProjectionChart chart = new ProjectionChart(Projection.of(embeddings), labels, global().seed);
        boolean svg = projection.toString().endsWith(".svg");
        AtomicFiles.write(projection, svg ? chart::writeSvg : chart::writePng);
    }

    private static String text(RetrievalMetrics m) {
        TextTable scores =
                new TextTable(1, "label", "embeddings", "no match", "P@1", "R-precision", "MAP@R", "MRR", "silhouette");
        m.perClass().forEach(c -> add(scores, c.label(), c.anchors(), c.anchorsWithoutMatch(), c.scores()));
        add(scores, "macro", m.anchors(), m.anchorsWithoutMatch(), m.macro());
        add(scores, "all", m.anchors(), m.anchorsWithoutMatch(), m.mean());
        TextTable rest = new TextTable(1, "figure", "value")
                .row("distance", m.distance().word())
                .row("references", m.references())
                .row("NMI", share(m.nmi()))
                .row("mean distance, same class", figure(m.meanSameDistance()))
                .row("mean distance, different classes", figure(m.meanDifferentDistance()))
                .row("separation", share(m.separation()));
        return scores + "\n" + rest;
    }

    private static void add(TextTable table, Object name, int anchors, int withoutMatch, Scores scores) {
        table.row(
                name,
                anchors,
                withoutMatch,
                share(scores.precisionAt1()),
                share(scores.rPrecision()),
                share(scores.mapAtR()),
                share(scores.meanReciprocalRank()),
                share(scores.silhouette()));
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }
}
