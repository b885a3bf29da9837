package dev.mien.data;

/**
 * A named dataset in its three splits.
 *
 * @param name short name for reports, such as {@code FER2013} or {@code schematic:6000}
 * @param train what models are fitted on (FER2013: Training)
 * @param validation what models are selected on (FER2013: PublicTest)
 * @param test what is read once, at the end (FER2013: PrivateTest)
 */
public record Dataset(String name, FaceImages train, FaceImages validation, FaceImages test) {

    /** The images of one split. */
    public FaceImages split(Split split) {
        return switch (split) {
            case TRAIN -> train;
            case VALIDATION -> validation;
            case TEST -> test;
        };
    }

    /**
     * A smaller dataset: at most n images of each split, drawn per class in proportion, in their old order.
     *
     * @param n at least 1
     * @param seed the same seed draws the same images
     */
    public Dataset limited(int n, long seed) {
        if (n < 1) {
            throw new IllegalArgumentException("a dataset cannot be limited to " + n + " images; expected at least 1");
        }
        return new Dataset(
                name + " (limited to " + n + ")",
                limited(train, n, seed),
                limited(validation, n, seed),
                limited(test, n, seed));
    }

    private static FaceImages limited(FaceImages images, int n, long seed) {
        return n >= images.size() ? images : images.select(Stratified.rows(images.labels(), n, seed));
    }
}
