package dev.mien.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Decodes image files into a dataset, in the order of their names and on all cores. */
final class FaceFiles {

    /** Largest image file that is read; one of 48x48 pixels takes a hundredth of it. */
    static final int MAX_FILE_BYTES = 1 << 18;

    private FaceFiles() {}

    /** Gives the bytes of one file. Called from several threads. */
    @FunctionalInterface
    interface Loader {
        /** At most {@link #MAX_FILE_BYTES} bytes; {@link IOException} naming the file otherwise. */
        byte[] load(FaceFile file) throws IOException;
    }

    /** Reads all files; {@link IllegalArgumentException} when there is none. */
    static Dataset read(String source, List<FaceFile> files, Loader loader) throws IOException {
        if (files.isEmpty()) {
            throw new IllegalArgumentException(
                    source + ": no image found; expected train/<expression>/*.jpg and test/<expression>/*.jpg");
        }
        List<FaceFile> sorted = files.stream().sorted().toList();
        return new Dataset(
                source,
                read(source, Split.TRAIN, sorted, loader),
                read(source, Split.VALIDATION, sorted, loader),
                read(source, Split.TEST, sorted, loader));
    }

    private static FaceImages read(String source, Split split, List<FaceFile> files, Loader loader) throws IOException {
        List<FaceFile> chosen =
                files.stream().filter(file -> file.split() == split).toList();
        int area = FaceImages.SIDE * FaceImages.SIDE;
        byte[] pixels = new byte[Math.multiplyExact(chosen.size(), area)];
        ThreadLocal<FaceDecoder> decoders = ThreadLocal.withInitial(FaceDecoder::new);
        try {
            IntStream.range(0, chosen.size()).parallel().forEach(i -> {
                FaceFile file = chosen.get(i);
                try {
                    decoders.get().decode(source + ", " + file.name(), loader.load(file), pixels, i * area);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        int[] labels = chosen.stream().mapToInt(file -> file.label().ordinal()).toArray();
        List<String> names = new ArrayList<>(chosen.size());
        chosen.forEach(file -> names.add(file.name()));
        return new FaceImages(pixels, FaceImages.SIDE, FaceImages.SIDE, labels, names);
    }
}
