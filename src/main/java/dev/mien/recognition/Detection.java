package dev.mien.recognition;

/**
 * A face that a {@link FaceDetector} found.
 *
 * @param box the square that FER2013's framing asks for
 * @param score 0..1, more is surer; what it means depends on the detector
 */
public record Detection(FaceBox box, double score) {}
