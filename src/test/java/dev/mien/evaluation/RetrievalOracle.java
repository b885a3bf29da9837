package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The definitions as plain loops over whole float64 rows of distances. */
final class RetrievalOracle {

    private final long[] labels;
    private final long[] referenceLabels;
    private final boolean among;
    private final double[][] distances;

    RetrievalOracle(FloatMatrix x, long[] labels, FloatMatrix y, long[] referenceLabels, Distance distance) {
        among = y == null;
        FloatMatrix references = among ? x : y;
        this.labels = labels;
        this.referenceLabels = among ? labels : referenceLabels;
        distances = new double[x.rows()][references.rows()];
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < references.rows(); j++) {
                distances[i][j] = distance(x.row(i), references.row(j), distance);
            }
        }
    }

    /** Whether a distance is so small that float64 rounding shows in ratios of distances: of nearly parallel rows. */
    boolean hasRounding() {
        for (int i = 0; i < distances.length; i++) {
            for (int j = 0; j < distances[i].length; j++) {
                if (distances[i][j] < 1e-9 && !(among && i == j)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static double distance(float[] a, float[] b, Distance distance) {
        double na = distance == Distance.COSINE ? norm(a) : 1;
        double nb = distance == Distance.COSINE ? norm(b) : 1;
        if (na == 0 || nb == 0) {
            return 1;
        }
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            double difference = a[k] / na - b[k] / nb;
            sum += distance == Distance.MANHATTAN ? Math.abs(difference) : difference * difference;
        }
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(sum);
            case SQUARED_EUCLIDEAN, MANHATTAN -> sum;
            case COSINE -> Math.min(2, sum / 2);
        };
    }

    private static double norm(float[] row) {
        double sum = 0;
        for (float value : row) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** Precision at 1, R-precision, MAP@R, reciprocal rank and silhouette of an anchor. */
    double[] anchor(int a) {
        List<Integer> order = IntStream.range(0, referenceLabels.length)
                .filter(j -> !(among && j == a))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer j) -> distances[a][j])
                        .thenComparingInt(j -> j))
                .toList();
        boolean[] match = new boolean[order.size()];
        int r = 0;
        for (int i = 0; i < match.length; i++) {
            match[i] = referenceLabels[order.get(i)] == labels[a];
            r += match[i] ? 1 : 0;
        }
        double[] figures = new double[5];
        Arrays.fill(figures, Double.NaN);
        figures[4] = silhouette(a, order, r);
        if (r == 0) {
            return figures;
        }
        figures[0] = match[0] ? 1 : 0;
        figures[1] = found(match, r) / (double) r;
        figures[2] = 0;
        for (int i = 1; i <= r; i++) {
            figures[2] += match[i - 1] ? found(match, i) / (double) i / r : 0;
        }
        int first = 0;
        while (!match[first]) {
            first++;
        }
        figures[3] = 1.0 / (first + 1);
        return figures;
    }

    private static int found(boolean[] match, int upTo) {
        return (int) IntStream.range(0, upTo).filter(i -> match[i]).count();
    }

    private double silhouette(int a, List<Integer> others, int matches) {
        double nearest = Double.POSITIVE_INFINITY;
        for (long label : Arrays.stream(referenceLabels).distinct().toArray()) {
            if (label != labels[a]) {
                nearest = Math.min(nearest, mean(a, others, label));
            }
        }
        if (nearest == Double.POSITIVE_INFINITY) {
            return Double.NaN;
        }
        if (matches == 0) {
            return 0;
        }
        double own = mean(a, others, labels[a]);
        return own == 0 && nearest == 0 ? 0 : (nearest - own) / Math.max(own, nearest);
    }

    private double mean(int a, List<Integer> others, long label) {
        return others.stream()
                .filter(j -> referenceLabels[j] == label)
                .mapToDouble(j -> distances[a][j])
                .average()
                .orElse(Double.NaN);
    }

    /** The mean of a figure over the anchors of a label, or over all where it is null; NaN where nothing is defined. */
    double mean(int figure, Long label) {
        return IntStream.range(0, labels.length)
                .filter(a -> label == null || labels[a] == label)
                .mapToDouble(a -> anchor(a)[figure])
                .filter(value -> !Double.isNaN(value))
                .average()
                .orElse(Double.NaN);
    }

    /** The mean distance of pairs of the same class, or of different ones. */
    double meanDistance(boolean same) {
        double sum = 0;
        long pairs = 0;
        for (int a = 0; a < labels.length; a++) {
            for (int j = 0; j < referenceLabels.length; j++) {
                if (!(among && a == j) && (labels[a] == referenceLabels[j]) == same) {
                    sum += distances[a][j];
                    pairs++;
                }
            }
        }
        return sum / pairs;
    }
}
