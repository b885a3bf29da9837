package dev.mien.bench;

import java.util.function.Function;

/**
 * One way to compute an operation.
 *
 * @param name what it is made of, such as {@code cdist + masks}
 * @param run computes; tensors of the result belong to the PointerScope in force, which also records no gradient
 * @param <R> the result
 */
public record Contender<R>(String name, Kind kind, Function<Input, R> run) {

    /** Who computes, and how. */
    public enum Kind {
        /** mien. */
        MIEN,
        /** LibTorch with whole matrices of n x n: cdist or a matrix product, masks, max and min. */
        MATRIX,
        /**
         * LibTorch a few hundred anchors at a time, in memory that is kept, without masks where an index table will do:
         * more code than most would write, and the fastest that we found.
         */
        BLOCKS
    }
}
