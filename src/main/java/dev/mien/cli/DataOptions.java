package dev.mien.cli;

import dev.mien.data.Dataset;
import dev.mien.data.Datasets;
import java.io.IOException;
import picocli.CommandLine.Option;

/** Which images a command works on. */
final class DataOptions {

    static final String WORDS =
            "FER2013 as Kaggle's zip (read in place), its folder or the CSV file; or schematic[:n], generated faces.";

    @Option(names = "--data", required = true, paramLabel = "D", description = WORDS)
    private String data;

    Dataset open(long seed) throws IOException {
        return Datasets.open(data, seed);
    }
}
