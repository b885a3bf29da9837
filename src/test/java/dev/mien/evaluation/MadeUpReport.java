package dev.mien.evaluation;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a report of made-up figures into the folder named by its argument, to look at. */
final class MadeUpReport {

    private MadeUpReport() {}

    public static void main(String[] arguments) throws IOException {
        Report.write(MadeUpResults.create(), Path.of(arguments[0]));
    }
}
