package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import dev.mien.evaluation.RetrievalMetrics.ClassScores;
import dev.mien.evaluation.RetrievalMetrics.Scores;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.DistanceBlocks;
import dev.mien.kernels.ExactDistances;
import dev.mien.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Sees each anchor's distances once and keeps its figures; sums are in order of anchors, whatever the threads. */
final class RetrievalPass {

    private final Batch batch;
    private final boolean selfExcluded;
    private final long[] labels;
    private final int[] anchorClasses;
    private final int[] classes; // of references
    private final int[] sizes; // references per class
    private final double[] precisionAt1;
    private final double[] rPrecision;
    private final double[] mapAtR;
    private final double[] reciprocalRank;
    private final double[] silhouette;
    private final double[] sameSum;
    private final double[] differentSum;

    RetrievalPass(FloatMatrix embeddings, long[] labels, FloatMatrix references, long[] referenceLabels) {
        Batch anchors = Batch.of(embeddings.values(), embeddings.columns(), labels);
        selfExcluded = references == null;
        batch = selfExcluded ? anchors : against(anchors, embeddings, references, referenceLabels);
        this.labels = labels;
        Map<Long, Integer> numbers = new HashMap<>();
        anchorClasses = numbered(labels, numbers);
        classes = selfExcluded ? anchorClasses : numbered(referenceLabels, numbers);
        sizes = new int[numbers.size()];
        Arrays.stream(classes).forEach(c -> sizes[c]++);
        precisionAt1 = new double[labels.length];
        rPrecision = new double[labels.length];
        mapAtR = new double[labels.length];
        reciprocalRank = new double[labels.length];
        silhouette = new double[labels.length];
        sameSum = new double[labels.length];
        differentSum = new double[labels.length];
    }

    private static Batch against(Batch anchors, FloatMatrix embeddings, FloatMatrix references, long[] labels) {
        if (references.columns() != embeddings.columns()) {
            throw new IllegalArgumentException("the embeddings have %d columns and the references %d"
                    .formatted(embeddings.columns(), references.columns()));
        }
        return anchors.against(references.values(), labels, null);
    }

    private static int[] numbered(long[] labels, Map<Long, Integer> numbers) {
        return Arrays.stream(labels)
                .mapToInt(label -> numbers.computeIfAbsent(label, key -> numbers.size()))
                .toArray();
    }

    void run(Distance distance, Kernels kernels) {
        DistanceBlocks.visit(batch, distance, kernels, Anchor::new);
    }

    int[] anchorClasses() {
        return anchorClasses;
    }

    int references() {
        return classes.length;
    }

    /** References of an anchor's class but itself: R. */
    private int matches(int anchor) {
        return sizes[anchorClasses[anchor]] - (selfExcluded ? 1 : 0);
    }

    private int self(int anchor) {
        return selfExcluded ? anchor : -1;
    }

    /** Looks at one anchor after the other. */
    private final class Anchor implements DistanceBlocks.Visitor {
        private final NeighbourRanking ranking = new NeighbourRanking(classes);
        private final double[] sums = new double[sizes.length];
        private final int[] row = new int[1];
        private final double[] value = new double[1];

        @Override
        public void visit(int anchor, float[] distances, ExactDistances exact) {
            addUp(anchor, distances, exact);
            silhouette[anchor] = silhouetteOf(anchor);
            if (matches(anchor) > 0) {
                rank(anchor, distances, exact);
            } else {
                precisionAt1[anchor] = Double.NaN;
                rPrecision[anchor] = Double.NaN;
                mapAtR[anchor] = Double.NaN;
                reciprocalRank[anchor] = Double.NaN;
            }
        }

        private void addUp(int anchor, float[] distances, ExactDistances exact) {
            Arrays.fill(sums, 0);
            int self = self(anchor);
            for (int j = 0; j < distances.length; j++) {
                if (j != self) {
                    sums[classes[j]] += distances[j] < Float.POSITIVE_INFINITY ? distances[j] : beyondFloat(j, exact);
                }
            }
            for (int c = 0; c < sums.length; c++) {
                if (c == anchorClasses[anchor]) {
                    sameSum[anchor] = sums[c];
                } else {
                    differentSum[anchor] += sums[c];
                }
            }
        }

        private double beyondFloat(int j, ExactDistances exact) {
            row[0] = j;
            exact.fill(row, 1, value);
            return value[0];
        }

        private double silhouetteOf(int anchor) {
            int own = anchorClasses[anchor];
            double other = Double.POSITIVE_INFINITY;
            for (int c = 0; c < sums.length; c++) {
                if (c != own && sizes[c] > 0) {
                    other = Math.min(other, sums[c] / sizes[c]);
                }
            }
            if (other == Double.POSITIVE_INFINITY) {
                return Double.NaN;
            }
            double same = sums[own] / matches(anchor);
            double larger = Math.max(same, other);
            return matches(anchor) == 0 || larger == 0 ? 0 : (other - same) / larger;
        }

        private void rank(int anchor, float[] distances, ExactDistances exact) {
            int own = anchorClasses[anchor];
            int wanted = matches(anchor);
            ranking.rank(distances, self(anchor), own, wanted, exact);
            int found = 0;
            int first = 0;
            double precisions = 0;
            for (int rank = 1; rank <= wanted; rank++) {
                if (ranking.matches(rank - 1, own)) {
                    first = found == 0 ? rank : first;
                    found++;
                    precisions += (double) found / rank;
                }
            }
            precisionAt1[anchor] = first == 1 ? 1 : 0;
            rPrecision[anchor] = (double) found / wanted;
            mapAtR[anchor] = precisions / wanted;
            reciprocalRank[anchor] = 1.0 / (first > 0 ? first : firstBeyond(anchor, distances, exact));
        }

        /** The rank of the nearest match where it is not among the R nearest. */
        private int firstBeyond(int anchor, float[] distances, ExactDistances exact) {
            int own = anchorClasses[anchor];
            ranking.rank(distances, self(anchor), own, distances.length, exact);
            int rank = matches(anchor);
            while (!ranking.matches(rank, own)) {
                rank++;
            }
            return rank + 1;
        }
    }

    Scores mean() {
        return mean(IntStream.range(0, labels.length).toArray());
    }

    List<ClassScores> perClass() {
        Map<Long, List<Integer>> members = new TreeMap<>();
        for (int anchor = 0; anchor < labels.length; anchor++) {
            members.computeIfAbsent(labels[anchor], label -> new ArrayList<>()).add(anchor);
        }
        List<ClassScores> scores = new ArrayList<>();
        members.forEach((label, rows) -> {
            int[] anchors = rows.stream().mapToInt(Integer::intValue).toArray();
            int alone = matches(anchors[0]) == 0 ? anchors.length : 0;
            scores.add(new ClassScores(label, anchors.length, alone, mean(anchors)));
        });
        return scores;
    }

    private Scores mean(int[] anchors) {
        return new Scores(
                mean(precisionAt1, anchors),
                mean(rPrecision, anchors),
                mean(mapAtR, anchors),
                mean(reciprocalRank, anchors),
                mean(silhouette, anchors));
    }

    private static double mean(double[] figures, int[] anchors) {
        return defined(
                Arrays.stream(anchors).mapToDouble(anchor -> figures[anchor]).toArray());
    }

    static Scores macro(List<ClassScores> classes) {
        return new Scores(
                macro(classes, Scores::precisionAt1),
                macro(classes, Scores::rPrecision),
                macro(classes, Scores::mapAtR),
                macro(classes, Scores::meanReciprocalRank),
                macro(classes, Scores::silhouette));
    }

    private static double macro(List<ClassScores> classes, ToDoubleFunction<Scores> figure) {
        return defined(classes.stream()
                .mapToDouble(c -> figure.applyAsDouble(c.scores()))
                .toArray());
    }

    /** The mean of what is defined, NaN where nothing is. */
    private static double defined(double[] figures) {
        return Arrays.stream(figures)
                .filter(figure -> !Double.isNaN(figure))
                .average()
                .orElse(Double.NaN);
    }

    double meanSame() {
        long pairs = IntStream.range(0, labels.length).mapToLong(this::matches).sum();
        return Arrays.stream(sameSum).sum() / pairs; // NaN without pairs
    }

    double meanDifferent() {
        long pairs = IntStream.range(0, labels.length)
                .mapToLong(anchor -> classes.length - sizes[anchorClasses[anchor]])
                .sum();
        return Arrays.stream(differentSum).sum() / pairs;
    }
}
