package dev.mien.kernels;

/** What makes one miner differ from another: the triplets it takes for one anchor. */
@FunctionalInterface
public interface SelectionRule {

    /**
     * Adds the triplets of one anchor, in order of positive and then negative. Called once per anchor that has at least
     * one positive and one negative, from several threads at once and in any order; must depend on the anchor alone.
     */
    void select(Anchor anchor, TripletSink chosen);
}
