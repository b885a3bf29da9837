package dev.mien.data;

/** Named strengths of {@link Augmentation}. */
public enum AugmentationKind {
    /** Images as they are. A network then learns them by heart: its features of them say little about those of others. */
    NONE(Augmentation.NONE),
    /** {@link Augmentation#FLIP_AND_CROP}, the preset paper's. */
    FLIP(Augmentation.FLIP_AND_CROP),
    /** {@link Augmentation#AFFINE}, the preset quick's. */
    AFFINE(Augmentation.AFFINE),
    /** {@link Augmentation#STRONG}, the preset flagship's. */
    STRONG(Augmentation.STRONG);

    private final Augmentation augmentation;

    AugmentationKind(Augmentation augmentation) {
        this.augmentation = augmentation;
    }

    /** What is changed, and how far. */
    public Augmentation augmentation() {
        return augmentation;
    }
}
