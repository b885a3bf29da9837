package dev.mien.classifiers;

/** The ranges of settings that both kinds of trees have. */
final class TreeRanges {

    private static final int DEEPEST = 20;
    private static final int MOST_BINS = 65_536;

    private TreeRanges() {}

    static void check(int trees, int maxDepth, double minChildWeight, int bins, ClassWeighting weighting) {
        ClassifierSettings.check(trees >= 1, "trees", trees, "at least 1");
        ClassifierSettings.check(maxDepth >= 1 && maxDepth <= DEEPEST, "max depth", maxDepth, "1 to " + DEEPEST);
        ClassifierSettings.check(minChildWeight >= 0, "min child weight", minChildWeight, "0 or more");
        ClassifierSettings.check(bins >= 2 && bins <= MOST_BINS, "bins", bins, "2 to " + MOST_BINS);
        ClassifierSettings.check(weighting != null, "class weighting", null, "given");
    }

    static void checkShare(String setting, double share) {
        ClassifierSettings.check(share > 0 && share <= 1, setting, share, "above 0 and at most 1");
    }
}
