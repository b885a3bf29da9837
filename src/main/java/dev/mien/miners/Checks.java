package dev.mien.miners;

/** Argument checks that the miners share. */
final class Checks {

    private Checks() {}

    static void margin(double margin) {
        if (!(margin >= 0)) {
            throw new IllegalArgumentException("the margin must be 0 or more, not " + margin);
        }
    }
}
