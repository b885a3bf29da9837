package dev.mien.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * FER2013 (Goodfellow et al. 2013): 35,887 grey faces of 48x48 pixels, in the three forms it is handed around in.
 *
 * <p>The zip and the folder hold the same files and give identical datasets: images ordered by file name, split by the
 * prefix {@code Training_}, {@code PublicTest_} or {@code PrivateTest_} (the folder {@code test} mixes the last two).
 */
public final class Fer2013 {

    private static final int TRAIN = 28_709;
    private static final int HELD_OUT = 3_589;

    private Fer2013() {}

    /** Reads Kaggle's archive.zip in place; nothing is unpacked to disk. Errors as in {@link Datasets#open}. */
    public static Dataset ofZip(Path zip) throws IOException {
        return named(zip, FaceZip.read(zip));
    }

    /** Reads the unpacked archive: {@code train/<expression>/*.jpg} and {@code test/<expression>/*.jpg}. */
    public static Dataset ofFolder(Path folder) throws IOException {
        return named(folder, FaceFolder.read(folder));
    }

    /** Reads fer2013.csv or icml_face_data.csv: columns emotion, pixels and Usage in any order. */
    public static Dataset ofCsv(Path csv) throws IOException {
        return named(csv, FaceCsv.read(csv));
    }

    /** Only the complete set may call itself FER2013. */
    private static Dataset named(Path source, Dataset data) {
        boolean complete = data.train().size() == TRAIN
                && data.validation().size() == HELD_OUT
                && data.test().size() == HELD_OUT;
        String name = complete ? "FER2013" : String.valueOf(source.getFileName());
        return new Dataset(name, data.train(), data.validation(), data.test());
    }
}
