package dev.mien.inference;

/**
 * What a network says of some images.
 *
 * @param n images
 * @param features (n, d) row-major, at the global average pool
 * @param logits (n, 7) row-major, not normalised
 */
public record Output(int n, float[] features, float[] logits) {}
