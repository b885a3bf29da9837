package dev.mien.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real FER2013 archive, for tests that need it: the path in MIEN_FER2013, else the test is skipped. */
public final class RealData {

    private static Dataset dataset;

    private RealData() {}

    public static Path zip() {
        String path = System.getenv("MIEN_FER2013");
        boolean found = path != null && Files.isReadable(Path.of(path));
        Assumptions.assumeTrue(found, "skipped: MIEN_FER2013 does not name FER2013's archive.zip");
        return Path.of(path);
    }

    public static synchronized Dataset dataset() throws IOException {
        dataset = dataset == null ? Datasets.open(zip().toString(), 0) : dataset;
        return dataset;
    }
}
