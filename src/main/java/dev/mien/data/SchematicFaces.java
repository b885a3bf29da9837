package dev.mien.data;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Generated grey faces of 48x48 pixels with the seven expressions: brows, lids, mouth, wrinkles; pose, light, focus,
 * noise, skin, hair, glasses, beards and occlusion vary at random. A stand-in for FER2013 where that is not at hand: it
 * tries every part of mien in minutes, and says nothing about accuracy on photographs.
 */
public final class SchematicFaces {

    /** Faces generated when no number is given: 4,800 to train on, 600 each to select and to test on. */
    public static final int DEFAULT_SIZE = 6000;

    /** The smallest set: ten faces of each class, so that every split holds every class. */
    public static final int MIN_SIZE = 70;

    /** The largest set, far within what one byte array holds. */
    public static final int MAX_SIZE = 500_000;

    /** FER2013's training images per class, in label order. */
    private static final int[] CLASS_WEIGHTS = {3995, 436, 4097, 7215, 4965, 4830, 3171};

    private SchematicFaces() {}

    /**
     * Generates n faces in FER2013's class proportions: 80 % to train on, 10 % each to select and to test on.
     *
     * @param n {@value MIN_SIZE} to {@value MAX_SIZE}
     * @param seed the same seed gives the same faces, on any number of cores
     */
    public static Dataset generate(int n, long seed) {
        if (n < MIN_SIZE || n > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "cannot generate %d schematic faces; expected %d to %d".formatted(n, MIN_SIZE, MAX_SIZE));
        }
        int heldOut = n / 10;
        return new Dataset(
                Datasets.SCHEMATIC + ":" + n,
                images(Split.TRAIN, n - 2 * heldOut, seed),
                images(Split.VALIDATION, heldOut, seed),
                images(Split.TEST, heldOut, seed));
    }

    private static FaceImages images(Split split, int n, long seed) {
        int[] shares = Stratified.shares(CLASS_WEIGHTS, n);
        int[] labels = IntStream.range(0, Expression.COUNT)
                .flatMap(label -> IntStream.generate(() -> label).limit(shares[label]))
                .toArray();
        long key = seed * Split.values().length + split.ordinal();
        Draws.shuffle(labels, Draws.random(key, -1));
        int area = FaceImages.SIDE * FaceImages.SIDE;
        byte[] pixels = new byte[n * area];
        Expression[] expressions = Expression.values();
        IntStream.range(0, n)
                .parallel()
                .forEach(i -> FacePainter.paint(expressions[labels[i]], Draws.random(key, i), pixels, i * area));
        String[] names = new String[n];
        Arrays.setAll(names, i -> "%s/%s/schematic_%06d".formatted(split.word(), expressions[labels[i]].word(), i));
        return new FaceImages(pixels, FaceImages.SIDE, FaceImages.SIDE, labels, Arrays.asList(names));
    }
}
