package dev.mien.losses;

/** What the sum over triplets is divided by. */
public enum Mean {
    /** The number of triplets that cost more than 0. */
    ACTIVE,
    /** The number of triplets. */
    ALL
}
