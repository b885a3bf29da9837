package dev.mien.backbones;

import java.util.List;

/**
 * What became of a file's tensors when they were put into a network.
 *
 * @param loaded names that were copied
 * @param skipped names in the file that the network has no place for
 * @param untouched names in the network that kept the values they had
 */
public record WeightsReport(List<String> loaded, List<String> skipped, List<String> untouched) {

    /** Copies the lists. */
    public WeightsReport {
        loaded = List.copyOf(loaded);
        skipped = List.copyOf(skipped);
        untouched = List.copyOf(untouched);
    }

    /** One line for people, such as {@code 32 tensors loaded, 6 skipped, 2 as initialised}. */
    @Override
    public String toString() {
        return loaded.size() + " tensors loaded, " + skipped.size() + " skipped, " + untouched.size()
                + " as initialised";
    }
}
