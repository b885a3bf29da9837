package dev.mien.cli;

import dev.mien.data.ContactSheet;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien data synthesize}: generated faces as files. */
@Command(
        name = "synthesize",
        header = "Generate faces and write them as a dataset.",
        description =
                "Seven expressions in FER2013's class proportions: 80 %% to train on, 10 %% each to validate and to test"
                        + " on. Written as FER2013 comes: one CSV file, or a folder with train/<expression>/*.png and"
                        + " test/<expression>/*.png.",
        footer = {
            "",
            "Examples:",
            "  mien data synthesize --n 6000 --out faces.csv --sheet sheet.png",
            "  mien data synthesize --n 700 --seed 7 --out faces"
        })
final class DataSynthesizeCommand extends Subcommand {

    private static final int FACES_PER_ROW = 12;

    @Option(
            names = "--n",
            paramLabel = "N",
            description = "Number of faces, " + SchematicFaces.MIN_SIZE + " to " + SchematicFaces.MAX_SIZE
                    + " (default: " + SchematicFaces.DEFAULT_SIZE + ").")
    private int n = SchematicFaces.DEFAULT_SIZE;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "PATH",
            description = "A CSV file (by its suffix), or a new folder.")
    private Path out;

    @Option(names = "--sheet", paramLabel = "PNG", description = "A picture with examples of each expression, too.")
    private Path sheet;

    /** The result as JSON. */
    private record Summary(Path out, long seed, int train, int validation, int test) {}

    @Override
    void run(Console console) throws IOException {
        boolean csv = out.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".csv");
        if (csv) {
            OutputPath.checkFile(out);
        } else {
            OutputPath.checkFolder(out);
        }
        if (sheet != null) {
            OutputPath.checkFile(sheet);
        }
        Dataset faces = SchematicFaces.generate(n, global().seed);
        if (csv) {
            FaceWriter.csv(faces, out);
        } else {
            FaceWriter.folder(faces, out);
        }
        if (sheet != null) {
            ContactSheet.write(faces.split(Split.TRAIN), FACES_PER_ROW, sheet);
        }
        print(
                new Summary(
                        out,
                        global().seed,
                        faces.train().size(),
                        faces.validation().size(),
                        faces.test().size()),
                "%s: %d faces to train on, %d to validate on, %d to test on"
                        .formatted(
                                out,
                                faces.train().size(),
                                faces.validation().size(),
                                faces.test().size()));
    }
}
