package dev.mien.recognition;

import com.twelvemonkeys.imageio.metadata.Directory;
import com.twelvemonkeys.imageio.metadata.Entry;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEG;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegment;
import com.twelvemonkeys.imageio.metadata.jpeg.JPEGSegmentUtil;
import com.twelvemonkeys.imageio.metadata.tiff.TIFF;
import com.twelvemonkeys.imageio.metadata.tiff.TIFFReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * A picture as a file holds it: the first frame of anything that ImageIO reads, and how the camera was held.
 *
 * @param stored the pixels, not turned yet
 * @param orientation what EXIF says; {@link Orientation#UPRIGHT} where it says nothing
 */
record PictureFile(BufferedImage stored, Orientation orientation) {

    /** Readers fill up what a cut-off file lacks and only warn of it. */
    private static final Pattern CUT_OFF = Pattern.compile("(?i)premature|truncat|corrupt|unexpected end");

    /**
     * Reads a file.
     *
     * @param maxPixels most pixels it may claim: more is refused before any of them is decoded
     * @throws IOException naming the file, if it is missing, no image, broken, cut off or too large
     */
    static PictureFile read(Path file, long maxPixels) throws IOException {
        checkReadable(file);
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new Refusal("not an image that can be read; expected JPEG, PNG, GIF, BMP or TIFF");
            }
            ImageReader reader = readers.next();
            try {
                return new PictureFile(decode(reader, in, maxPixels), orientation(reader, in));
            } finally {
                reader.dispose();
            }
        } catch (Refusal e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw new IOException(file + ": broken image (" + reason(e) + ")", e);
        } catch (OutOfMemoryError e) {
            throw new IOException(file + ": too large an image for the Java heap", e);
        }
    }

    /** Why a file is not looked at, in words of its own. */
    private static final class Refusal extends IOException {
        private static final long serialVersionUID = 1;

        Refusal(String message) {
            super(message);
        }
    }

    private static void checkReadable(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file)) { // a pipe would be waited for without end
            throw new IOException(file + (Files.isDirectory(file) ? ": is a folder" : ": is not a regular file"));
        }
        if (!Files.isReadable(file)) {
            throw new AccessDeniedException(file.toString());
        }
        if (Files.size(file) == 0) {
            throw new IOException(file + ": empty file");
        }
    }

    private static BufferedImage decode(ImageReader reader, ImageInputStream in, long maxPixels) throws IOException {
        String[] warning = new String[1];
        reader.addIIOReadWarningListener((source, message) -> {
            if (CUT_OFF.matcher(message).find()) {
                warning[0] = message;
            }
        });
        reader.setInput(in, false, true);
        long width = reader.getWidth(0);
        long height = reader.getHeight(0);
        if (width * height > maxPixels) {
            throw new Refusal("%d x %d pixels, more than the %d that are allowed".formatted(width, height, maxPixels));
        }
        BufferedImage image = reader.read(0);
        if (warning[0] != null) {
            throw new IOException(warning[0]);
        }
        return image;
    }

    /** From EXIF in a JPEG; a picture is never refused for what its metadata look like. */
    private static Orientation orientation(ImageReader reader, ImageInputStream in) throws IOException {
        if (!reader.getFormatName().equalsIgnoreCase("jpeg")) {
            return Orientation.UPRIGHT;
        }
        try {
            in.seek(0);
            List<JPEGSegment> exif = JPEGSegmentUtil.readSegments(in, JPEG.APP1, "Exif");
            return exif.isEmpty() ? Orientation.UPRIGHT : orientation(exif.get(0));
        } catch (IOException | RuntimeException e) {
            return Orientation.UPRIGHT;
        }
    }

    private static Orientation orientation(JPEGSegment segment) throws IOException {
        try (InputStream data = segment.data();
                ImageInputStream in = ImageIO.createImageInputStream(data)) {
            data.skipNBytes(1); // padding between the name and the directory
            Directory directory = new TIFFReader().read(in);
            Entry entry = directory.getEntryById(TIFF.TAG_ORIENTATION);
            return entry != null && entry.getValue() instanceof Number value
                    ? Orientation.ofExif(value.intValue())
                    : Orientation.UPRIGHT;
        }
    }

    private static String reason(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.strip().lines().findFirst().orElseThrow();
    }

    /** Grey levels of the upright picture. */
    GreyImage grey() {
        return GreyImage.of(stored).turned(orientation);
    }
}
