package dev.mien.miners;

import dev.mien.kernels.SelectionRule;
import dev.mien.kernels.Triplets;
import java.util.Arrays;

/** Triplets that are chosen already, as a rule, so that statistics by another distance come with them. */
final class ChosenBefore {

    private ChosenBefore() {}

    static SelectionRule rule(Triplets triplets) {
        return (anchor, chosen) -> {
            int found = Arrays.binarySearch(triplets.anchor(), anchor.row());
            int i = Math.max(0, found);
            while (i > 0 && triplets.anchor()[i - 1] == anchor.row()) {
                i--;
            }
            for (; found >= 0 && i < triplets.size() && triplets.anchor()[i] == anchor.row(); i++) {
                chosen.add((int) triplets.positive()[i], (int) triplets.negative()[i]);
            }
        };
    }
}
