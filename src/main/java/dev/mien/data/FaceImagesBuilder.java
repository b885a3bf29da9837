package dev.mien.data;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Collects faces whose number is not known beforehand. */
final class FaceImagesBuilder {

    private final ByteArrayOutputStream pixels = new ByteArrayOutputStream();
    private final List<Expression> labels = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /** Adds one face of 48x48 grey levels. */
    void add(byte[] face, Expression label, String name) {
        pixels.write(face, 0, FaceImages.SIDE * FaceImages.SIDE);
        labels.add(label);
        names.add(name);
    }

    FaceImages build() {
        int[] ordinals = labels.stream().mapToInt(Expression::ordinal).toArray();
        return new FaceImages(pixels.toByteArray(), FaceImages.SIDE, FaceImages.SIDE, ordinals, names);
    }
}
