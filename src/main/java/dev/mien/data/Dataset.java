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
}
