package dev.mien.recognition;

import java.util.List;

/**
 * The faces of one picture, ready for the network; the picture itself is no longer needed.
 *
 * @param detections where they are
 * @param pixels (n, channels, size, size) of n faces
 */
record Prepared(List<Detection> detections, float[] pixels) {}
