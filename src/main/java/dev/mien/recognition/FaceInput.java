package dev.mien.recognition;

import dev.mien.backbones.ModelMetadata;
import dev.mien.backbones.WeightsScaling;
import dev.mien.data.FaceImages;

/**
 * Turns a face in a picture into what a network takes, as its metadata says, and as FER2013's 48 x 48 pixels were shown
 * to it in training: the box at that size, of which a smaller network sees the centre and a larger one an enlargement.
 *
 * @param size side of the network's input, in pixels
 * @param channels 1, or 3 where the grey levels are repeated
 * @param scaling what the network's values look like
 */
record FaceInput(int size, int channels, WeightsScaling scaling) {

    static FaceInput of(ModelMetadata metadata) {
        return new FaceInput(metadata.inputSize(), metadata.channels(), metadata.scaling());
    }

    /** Values of one face. */
    int length() {
        return channels * size * size;
    }

    /** Writes the (channels, size, size) values of a face from {@code offset} on. */
    void write(GreyImage image, FaceBox box, float[] target, int offset) {
        byte[] pixels = image.pixels();
        int width = image.width();
        float[] face =
                Resampling.square((x, y) -> pixels[y * width + x] & 0xFF, width, image.height(), box, FaceImages.SIDE);
        float[] seen = size <= FaceImages.SIDE ? centre(face) : enlarged(face);
        int area = size * size;
        for (int c = 0; c < channels; c++) {
            float gain = (float) (1 / (255 * (normalised() ? WeightsScaling.deviation(c) : 1)));
            float shift = (float) (normalised() ? -WeightsScaling.mean(c) / WeightsScaling.deviation(c) : 0);
            for (int i = 0; i < area; i++) {
                target[offset + c * area + i] = seen[i] * gain + shift;
            }
        }
    }

    private boolean normalised() {
        return scaling == WeightsScaling.NORMALISED;
    }

    private float[] centre(float[] face) {
        int start = (FaceImages.SIDE - size) / 2;
        float[] centre = new float[size * size];
        for (int y = 0; y < size; y++) {
            System.arraycopy(face, (start + y) * FaceImages.SIDE + start, centre, y * size, size);
        }
        return centre;
    }

    private float[] enlarged(float[] face) {
        int side = FaceImages.SIDE;
        return Resampling.square((x, y) -> face[y * side + x], side, side, new FaceBox(0, 0, side, side), size);
    }
}
