package dev.mien.cli;

import dev.mien.data.DataInspection;
import dev.mien.data.Datasets;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code mien data inspect}: counts, duplicates and oddities of a dataset. */
@Command(
        name = "inspect",
        header = "Say what is in a dataset.",
        description = "Counts images per split and class, duplicates within and across splits, identical images with"
                + " conflicting labels, and constant images.",
        footer = {"", "Examples:", "  mien data inspect archive.zip", "  mien data inspect schematic:300 --json"})
final class DataInspectCommand extends Subcommand {

    @Parameters(paramLabel = "D", description = DataOptions.WORDS)
    private String data;

    @Override
    void run(Console console) throws IOException {
        DataInspection inspection = DataInspection.of(Datasets.open(data, global().seed));
        print(inspection, inspection.table());
    }
}
