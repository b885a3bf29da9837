package dev.mien.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import java.util.List;

/**
 * How well embeddings find their own class by distance alone, after Musgrave et al., "A Metric Learning Reality Check"
 * (2020). Every embedding is an anchor; its references are all other embeddings, or those of a reference set. References
 * are ranked by (distance, row), exactly as a float64 brute force ranks them. Figures that are not defined are NaN.
 *
 * @param distance what ranks references
 * @param anchors embeddings scored
 * @param references rows that each is compared with; itself is never its own reference
 * @param anchorsWithoutMatch anchors without a reference of their class, which only the silhouette and NMI count
 * @param mean over anchors
 * @param macro plain means over the classes of anchors for which a figure is defined
 * @param perClass in ascending order of labels
 * @param nmi see {@link ClusterAgreement}; NaN where it was left out
 * @param meanSameDistance over all pairs of an anchor and a reference of its class, to 1e-6 relative
 * @param meanDifferentDistance over all other pairs
 * @param separation see {@link DistanceDistribution#separation}; of pairs of anchors
 */
public record RetrievalMetrics(
        Distance distance,
        int anchors,
        int references,
        int anchorsWithoutMatch,
        Scores mean,
        Scores macro,
        List<ClassScores> perClass,
        double nmi,
        double meanSameDistance,
        double meanDifferentDistance,
        double separation) {

    private static final int BINS = 1000;

    public RetrievalMetrics {
        perClass = List.copyOf(perClass);
    }

    /**
     * Means over anchors, with R the number of references of an anchor's class. All but the silhouette are in 0..1.
     *
     * @param precisionAt1 whether the nearest reference is of the anchor's class
     * @param rPrecision the share of its class among the R nearest
     * @param mapAtR the mean over ranks i of 1..R of the precision at i where rank i is of its class, else 0
     * @param meanReciprocalRank one over the rank of the nearest reference of its class
     * @param silhouette in -1..1: (b - a) / max(a, b) of a, the mean distance to its class, and b, that to the nearest
     *     other class, to 1e-6 unless both are rounding; 0 without a match, NaN without another class
     */
    public record Scores(
            @JsonProperty("precision_at_1") double precisionAt1,
            @JsonProperty("r_precision") double rPrecision,
            @JsonProperty("map_at_r") double mapAtR,
            double meanReciprocalRank,
            double silhouette) {}

    /**
     * The anchors of one class.
     *
     * @param anchorsWithoutMatch how many of them have no reference of their class
     */
    public record ClassScores(long label, int anchors, int anchorsWithoutMatch, Scores scores) {}

    /**
     * Scores embeddings.
     *
     * @param embeddings (n, d), finite
     * @param labels (n) of any range
     * @param references (m, d) to look among, or null for the embeddings themselves; no row is taken for an anchor then
     * @param referenceLabels (m), or null with them
     * @param restarts of the clustering behind {@code nmi}; 0 leaves it out
     * @param seed of the clustering and of the sample behind {@code separation}
     * @throws IllegalArgumentException when sizes differ or restarts is negative, or naming the first row that is not
     *     finite
     */
    public static RetrievalMetrics of(
            FloatMatrix embeddings,
            long[] labels,
            FloatMatrix references,
            long[] referenceLabels,
            Distance distance,
            int restarts,
            long seed) {
        return of(embeddings, labels, references, referenceLabels, distance, restarts, seed, Kernels.preferred());
    }

    static RetrievalMetrics of(
            FloatMatrix embeddings,
            long[] labels,
            FloatMatrix references,
            long[] referenceLabels,
            Distance distance,
            int restarts,
            long seed,
            Kernels kernels) {
        if (restarts < 0) {
            throw new IllegalArgumentException("restarts must be 0 or more, not " + restarts);
        }
        RetrievalPass pass = new RetrievalPass(embeddings, labels, references, referenceLabels);
        pass.run(distance, kernels);
        int[] classes = pass.anchorClasses();
        DistanceDistribution pairs = DistanceDistribution.of(embeddings, classes, distance, false, BINS, seed);
        List<ClassScores> perClass = pass.perClass();
        return new RetrievalMetrics(
                distance,
                embeddings.rows(),
                pass.references(),
                perClass.stream().mapToInt(ClassScores::anchorsWithoutMatch).sum(),
                pass.mean(),
                RetrievalPass.macro(perClass),
                perClass,
                restarts == 0 ? Double.NaN : ClusterAgreement.nmi(embeddings, classes, distance, restarts, seed),
                pass.meanSame(),
                pass.meanDifferent(),
                pairs.separation());
    }
}
