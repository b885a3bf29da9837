package dev.mien.cli;

import dev.mien.data.Dataset;
import dev.mien.data.Expression;
import dev.mien.data.FaceImages;
import dev.mien.data.Split;
import dev.mien.internal.AtomicFiles;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Writes datasets in the two forms that FER2013 is handed around in; reading them back gives the same pixels. */
final class FaceWriter {

    private static final Map<Split, String> USAGE =
            Map.of(Split.TRAIN, "Training", Split.VALIDATION, "PublicTest", Split.TEST, "PrivateTest");

    private FaceWriter() {}

    /** {@code emotion,pixels,Usage}, one line per face. */
    static void csv(Dataset data, Path file) throws IOException {
        AtomicFiles.write(file, out -> {
            out.write("emotion,pixels,Usage\n".getBytes(StandardCharsets.US_ASCII));
            for (Split split : Split.values()) {
                FaceImages images = data.split(split);
                for (int row = 0; row < images.size(); row++) {
                    writeLine(images, row, USAGE.get(split), out);
                }
            }
        });
    }

    private static void writeLine(FaceImages images, int row, String usage, OutputStream out) throws IOException {
        int area = images.height() * images.width();
        StringBuilder line = new StringBuilder(4 * area).append(csvCode(images.labels()[row]));
        for (int i = 0; i < area; i++) {
            line.append(i == 0 ? ',' : ' ').append(images.pixels()[row * area + i] & 0xFF);
        }
        out.write(line.append(',').append(usage).append('\n').toString().getBytes(StandardCharsets.US_ASCII));
    }

    /** The CSV numbers the expressions in an order of its own. */
    private static int csvCode(int label) {
        for (int code = 0; code < Expression.COUNT; code++) {
            if (Expression.ofCsvCode(code).ordinal() == label) {
                return code;
            }
        }
        throw new AssertionError(label);
    }

    /** {@code train/<expression>/Training_i.png} and {@code test/<expression>/{PublicTest,PrivateTest}_i.png}. */
    static void folder(Dataset data, Path folder) throws IOException {
        if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder.toString(), null, "exists already; name a new folder");
        }
        Path parent = folder.toAbsolutePath().getParent();
        Files.createDirectories(parent);
        // Not createTempDirectory: its folders are closed to everybody else, and the mode survives the move.
        String mark = Long.toUnsignedString(ThreadLocalRandom.current().nextLong(), 36);
        Path temporary = Files.createDirectory(parent.resolve("." + folder.getFileName() + "." + mark + ".tmp"));
        try {
            for (Split split : Split.values()) {
                writeImages(data.split(split), split, temporary);
            }
            Files.move(temporary, folder);
        } catch (IOException e) {
            throw new IOException(folder + ": cannot be written (" + e.getMessage() + ")", e);
        } finally {
            delete(temporary);
        }
    }

    private static void writeImages(FaceImages images, Split split, Path folder) throws IOException {
        int area = images.height() * images.width();
        for (int row = 0; row < images.size(); row++) {
            BufferedImage image = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_BYTE_GRAY);
            byte[] target = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
            System.arraycopy(images.pixels(), row * area, target, 0, area);
            Path file = folder.resolve(split == Split.TRAIN ? "train" : "test")
                    .resolve(Expression.values()[images.labels()[row]].word())
                    .resolve("%s_%06d.png".formatted(USAGE.get(split), row));
            Files.createDirectories(file.getParent());
            if (!ImageIO.write(image, "png", file.toFile())) {
                throw new IOException(file + ": this Java has no PNG writer");
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> paths = Files.walk(folder)) {
            all = paths.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
