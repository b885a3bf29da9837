package dev.mien.cli;

import dev.mien.data.Dataset;
import picocli.CommandLine.Option;

/** A part of a dataset, for a quick look. */
final class LimitOption {

    @Option(names = "--limit", paramLabel = "N", description = "At most N images of each split, drawn class by class.")
    private Integer limit;

    /** The dataset, or as much of it as was asked for. */
    Dataset of(Dataset images, long seed) {
        return limit == null ? images : images.limited(limit, seed);
    }
}
