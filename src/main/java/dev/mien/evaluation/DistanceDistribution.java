package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;

/**
 * How far embeddings of the same class and of different classes lie apart (the paper's figure 7): two histograms over
 * the same bins, each from a seeded uniform sample of its kind of pair, or from all of them when they are few.
 *
 * @param binEdges bins + 1 ascending edges from 0 to the largest distance seen; the last bin holds its upper edge
 * @param same same-class pairs per bin
 * @param different different-class pairs per bin
 */
public record DistanceDistribution(double[] binEdges, long[] same, long[] different) {

    /** At most so many pairs of each kind are looked at. */
    public static final int PAIRS = 50_000;

    /**
     * Samples pairs and counts their distances, computed in double precision.
     *
     * @param embeddings (n, d), finite
     * @param labels (n) of any range
     * @param distance how to measure
     * @param normalise whether to scale every row to length 1 first (zero rows stay zero)
     * @param bins at least 1
     * @param seed of the sample
     * @throws IllegalArgumentException when the lengths differ or a row is not finite (names the row)
     */
    public static DistanceDistribution of(
            FloatMatrix embeddings, int[] labels, Distance distance, boolean normalise, int bins, long seed) {
        if (labels.length != embeddings.rows()) {
            throw new IllegalArgumentException(
                    "%d labels for %d embeddings".formatted(labels.length, embeddings.rows()));
        }
        if (bins < 1) {
            throw new IllegalArgumentException("%d bins; expected at least 1".formatted(bins));
        }
        double[][] rows = rows(embeddings, normalise);
        Pairs pairs = new Pairs(labels);
        SplittableRandom random = new SplittableRandom(seed);
        double[] same = measure(rows, pairs.same(PAIRS, random.split()), distance);
        double[] different = measure(rows, pairs.different(PAIRS, random.split()), distance);
        double top = DoubleStream.concat(Arrays.stream(same), Arrays.stream(different))
                .max()
                .orElse(0);
        double[] edges = edges(top > 0 ? top : 1, bins);
        return new DistanceDistribution(edges, count(same, edges), count(different, edges));
    }

    /** The record that {@code results.json} holds. */
    public Results.Distances toResults(String backbone, String loss, Distance distance) {
        return new Results.Distances(
                backbone,
                loss,
                distance.word(),
                DoubleStream.of(binEdges).boxed().toList(),
                LongStream.of(same).boxed().toList(),
                LongStream.of(different).boxed().toList());
    }

    /**
     * The chance that a random different-class pair lies farther apart than a random same-class pair (ties count half),
     * to the resolution of the bins: 0.5 is no separation, 1 is perfect. NaN when either kind has no pairs.
     */
    public static double separation(List<Long> same, List<Long> different) {
        double below = 0;
        double wins = 0;
        double total = 0;
        for (int i = 0; i < Math.min(same.size(), different.size()); i++) {
            wins += different.get(i) * (below + 0.5 * same.get(i));
            below += same.get(i);
            total += different.get(i);
        }
        return wins / (below * total);
    }

    /** The {@link #separation(List, List) separation} of these pairs. */
    public double separation() {
        return separation(
                LongStream.of(same).boxed().toList(),
                LongStream.of(different).boxed().toList());
    }

    private static double[][] rows(FloatMatrix embeddings, boolean normalise) {
        double[][] rows = new double[embeddings.rows()][embeddings.columns()];
        for (int i = 0; i < rows.length; i++) {
            double squares = 0;
            for (int k = 0; k < rows[i].length; k++) {
                rows[i][k] = embeddings.values()[i * embeddings.columns() + k];
                squares += rows[i][k] * rows[i][k];
            }
            if (!Double.isFinite(squares)) {
                throw new IllegalArgumentException("embedding row " + i + " is not finite");
            }
            double scale = normalise && squares > 0 ? 1 / Math.sqrt(squares) : 1;
            for (int k = 0; k < rows[i].length; k++) {
                rows[i][k] *= scale;
            }
        }
        return rows;
    }

    private static double[] measure(double[][] rows, List<int[]> pairs, Distance distance) {
        return pairs.stream().mapToDouble(pair -> measure(rows, pair, distance)).toArray();
    }

    private static double measure(double[][] rows, int[] pair, Distance distance) {
        double[] a = rows[pair[0]];
        double[] b = rows[pair[1]];
        return switch (distance) {
            case EUCLIDEAN -> Math.sqrt(squared(a, b));
            case SQUARED_EUCLIDEAN -> squared(a, b);
            case MANHATTAN -> manhattan(a, b);
            case COSINE -> cosine(a, b);
        };
    }

    private static double squared(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += (a[k] - b[k]) * (a[k] - b[k]);
        }
        return sum;
    }

    private static double manhattan(double[] a, double[] b) {
        double sum = 0;
        for (int k = 0; k < a.length; k++) {
            sum += Math.abs(a[k] - b[k]);
        }
        return sum;
    }

    private static double cosine(double[] a, double[] b) {
        double dot = 0;
        double aa = 0;
        double bb = 0;
        for (int k = 0; k < a.length; k++) {
            dot += a[k] * b[k];
            aa += a[k] * a[k];
            bb += b[k] * b[k];
        }
        double lengths = Math.sqrt(aa) * Math.sqrt(bb);
        return lengths == 0 ? 1 : Math.max(0, 1 - dot / lengths);
    }

    private static double[] edges(double top, int bins) {
        double[] edges = new double[bins + 1];
        for (int i = 0; i <= bins; i++) {
            edges[i] = top * i / bins;
        }
        return edges;
    }

    private static long[] count(double[] distances, double[] edges) {
        int bins = edges.length - 1;
        long[] counts = new long[bins];
        for (double distance : distances) {
            counts[Math.min(bins - 1, (int) (distance / edges[bins] * bins))]++;
        }
        return counts;
    }
}
