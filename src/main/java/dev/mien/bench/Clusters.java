package dev.mien.bench;

/** How far apart the classes of made-up embeddings lie. */
public enum Clusters {
    /** As after training: most negatives lie beyond the margin, some are semi-hard, few hard. */
    TRAINED(0.4, 1.1),
    /** As before training: classes overlap and half of all triplets are hard. */
    UNTRAINED(3, 6);

    /** Length of the noise around a class centre of length 1, from the least to the most noisy row. */
    final double lowestNoise;

    final double highestNoise;

    Clusters(double lowestNoise, double highestNoise) {
        this.lowestNoise = lowestNoise;
        this.highestNoise = highestNoise;
    }
}
