package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Parallel;
import dev.mien.kernels.Distance;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.Clusterable;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.DistanceMeasure;
import org.apache.commons.math3.random.JDKRandomGenerator;

/**
 * How far clusters found without labels agree with the classes: normalised mutual information, 2 I / (H + H), of the
 * classes and of k-means with as many clusters as classes. Clusters are those of Euclidean distance whatever ranks
 * references; for the cosine distance, of rows at length 1.
 */
final class ClusterAgreement {

    private static final int ITERATIONS = 100;

    private ClusterAgreement() {}

    /** A row that the library may cluster. */
    private record Point(int row, double[] values) implements Clusterable {
        @Override
        public double[] getPoint() {
            return values;
        }
    }

    /** Clusters, and the sum of the squared distances of their points to their centres. */
    private record Trial(int[] clusters, double inertia) {}

    /**
     * The best of several k-means++ starts by inertia, against the classes; 1 where both are of one group, as
     * scikit-learn has it, and NaN without rows.
     *
     * @param classes (n) of any range
     * @param restarts 1 or more
     */
    static double nmi(FloatMatrix embeddings, int[] classes, Distance distance, int restarts, long seed) {
        if (classes.length == 0) {
            return Double.NaN;
        }
        List<Point> points = points(embeddings, distance == Distance.COSINE);
        int count = (int) IntStream.of(classes).distinct().count();
        long[] seeds = new SplittableRandom(seed).longs(restarts).toArray();
        Trial best = Parallel.map(restarts, i -> trial(points, count, seeds[i])).stream()
                .min(Comparator.comparingDouble(Trial::inertia))
                .orElseThrow();
        return nmi(best.clusters(), classes);
    }

    private static List<Point> points(FloatMatrix embeddings, boolean unit) {
        return IntStream.range(0, embeddings.rows())
                .mapToObj(row -> new Point(row, values(embeddings.row(row), unit)))
                .toList();
    }

    private static double[] values(float[] row, boolean unit) {
        double[] values =
                IntStream.range(0, row.length).mapToDouble(k -> row[k]).toArray();
        double norm = unit ? euclidean(values, new double[row.length]) : 1;
        for (int k = 0; k < values.length && norm > 0; k++) {
            values[k] /= norm;
        }
        return values;
    }

    private static Trial trial(List<Point> points, int count, long seed) {
        JDKRandomGenerator random = new JDKRandomGenerator();
        random.setSeed(seed);
        DistanceMeasure measure = ClusterAgreement::euclidean;
        List<CentroidCluster<Point>> found =
                new KMeansPlusPlusClusterer<Point>(count, ITERATIONS, measure, random).cluster(points);
        int[] clusters = new int[points.size()];
        double inertia = 0;
        for (int c = 0; c < found.size(); c++) {
            double[] centre = found.get(c).getCenter().getPoint();
            for (Point point : found.get(c).getPoints()) {
                clusters[point.row()] = c;
                inertia += Math.pow(euclidean(point.values(), centre), 2);
            }
        }
        return new Trial(clusters, inertia);
    }

    /** In four sums side by side, as the library's single one waits for each addition. */
    private static double euclidean(double[] a, double[] b) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int k = 0;
        for (; k + 4 <= a.length; k += 4) {
            s0 += (a[k] - b[k]) * (a[k] - b[k]);
            s1 += (a[k + 1] - b[k + 1]) * (a[k + 1] - b[k + 1]);
            s2 += (a[k + 2] - b[k + 2]) * (a[k + 2] - b[k + 2]);
            s3 += (a[k + 3] - b[k + 3]) * (a[k + 3] - b[k + 3]);
        }
        for (; k < a.length; k++) {
            s0 += (a[k] - b[k]) * (a[k] - b[k]);
        }
        return Math.sqrt(s0 + s1 + s2 + s3);
    }

    /** Of two groupings of the same rows. */
    static double nmi(int[] first, int[] second) {
        Map<Integer, Integer> ofFirst = new HashMap<>();
        Map<Integer, Integer> ofSecond = new HashMap<>();
        Map<List<Integer>, Integer> ofBoth = new HashMap<>();
        for (int row = 0; row < first.length; row++) {
            ofFirst.merge(first[row], 1, Integer::sum);
            ofSecond.merge(second[row], 1, Integer::sum);
            ofBoth.merge(List.of(first[row], second[row]), 1, Integer::sum);
        }
        double entropies = entropy(ofFirst, first.length) + entropy(ofSecond, first.length);
        double shared = entropies - entropy(ofBoth, first.length);
        return entropies == 0 ? 1 : Math.max(0, Math.min(1, 2 * shared / entropies));
    }

    private static double entropy(Map<?, Integer> counts, int rows) {
        return counts.values().stream()
                .mapToDouble(count -> -(double) count / rows * Math.log((double) count / rows))
                .sum();
    }
}
