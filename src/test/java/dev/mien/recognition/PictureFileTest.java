package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PictureFileTest {

    private static final int WIDTH = 64;
    private static final int HEIGHT = 40;
    private static final long MANY = 1_000_000;

    @TempDir
    Path folder;

    /** Red above left, green above right, blue below left, white below right. */
    private static BufferedImage quarters(int type) {
        BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
        Graphics2D graphics = image.createGraphics();
        Color[] colours = {Color.RED, Color.GREEN, Color.BLUE, Color.WHITE};
        for (int i = 0; i < 4; i++) {
            graphics.setColor(colours[i]);
            graphics.fillRect(i % 2 * WIDTH / 2, i / 2 * HEIGHT / 2, WIDTH / 2, HEIGHT / 2);
        }
        graphics.dispose();
        return image;
    }

    private Path save(BufferedImage image, String format) throws IOException {
        Path file = folder.resolve("picture." + format);
        assertTrue(ImageIO.write(image, format, file.toFile()), "no writer for " + format);
        return file;
    }

    private static int level(GreyImage image, double x, double y) {
        return image.pixels()[(int) (y * image.height()) * image.width() + (int) (x * image.width())] & 0xFF;
    }

    private static void assertQuarters(GreyImage image, int tolerance) {
        int[] expected = {76, 150, 29, 255}; // luma of red, green, blue, white
        for (int i = 0; i < 4; i++) {
            assertEquals(expected[i], level(image, 0.25 + 0.5 * (i % 2), 0.25 + 0.5 * (i / 2)), tolerance, "part " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "png, 5, 0",
        "png, 6, 0",
        "png, 13, 0",
        "bmp, 5, 0",
        "bmp, 13, 0",
        "gif, 13, 0",
        "jpg, 5, 3",
        "tif, 5, 0"
    })
    void coloursBecomeLuma(String format, int type, int tolerance) throws IOException {
        GreyImage grey = PictureFile.read(save(quarters(type), format), MANY).grey();
        assertEquals(WIDTH, grey.width());
        assertEquals(HEIGHT, grey.height());
        assertQuarters(grey, tolerance);
    }

    @Test
    void greyLevelsStayAsTheyAre() throws IOException {
        BufferedImage image = new BufferedImage(256, 2, BufferedImage.TYPE_BYTE_GRAY);
        byte[] levels = ComposedScenes.pixels(image);
        for (int i = 0; i < levels.length; i++) {
            levels[i] = (byte) i;
        }
        assertArrayEquals(
                levels, PictureFile.read(save(image, "png"), MANY).grey().pixels());
    }

    @Test
    void of16BitsTheUpper8Count() throws IOException {
        BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_USHORT_GRAY);
        for (int x = 0; x < 256; x++) {
            image.getRaster().setSample(x, 0, 0, x << 8 | 0x7F);
        }
        byte[] grey = PictureFile.read(save(image, "png"), MANY).grey().pixels();
        for (int x = 0; x < 256; x++) {
            assertEquals((byte) x, grey[x]);
        }
    }

    @Test
    void oneBitIsBlackAndWhite() throws IOException {
        BufferedImage image = new BufferedImage(9, 1, BufferedImage.TYPE_BYTE_BINARY);
        image.setRGB(4, 0, 0xFFFFFF);
        byte[] grey = PictureFile.read(save(image, "png"), MANY).grey().pixels();
        assertArrayEquals(new byte[] {0, 0, 0, 0, (byte) 255, 0, 0, 0, 0}, grey);
    }

    @Test
    void whatIsTransparentIsSeenOnWhite() throws IOException {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 3, 1, 2, null);
        raster.setPixels(0, 0, 3, 1, new int[] {100, 255, 100, 0, 100, 128});
        BufferedImage greyAlpha = new BufferedImage(model, raster, false, null);
        assertArrayEquals(
                new byte[] {100, (byte) 255, (byte) 177},
                PictureFile.read(save(greyAlpha, "png"), MANY).grey().pixels());
        BufferedImage colour = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
        colour.setRGB(0, 0, 0x00000000);
        colour.setRGB(1, 0, 0xFF000000);
        assertArrayEquals(
                new byte[] {(byte) 255, 0},
                PictureFile.read(save(colour, "png"), MANY).grey().pixels());
    }

    @Test
    void ofAnAnimationTheFirstFrameCounts() throws IOException {
        Path file = folder.resolve("animated.gif");
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
            writer.setOutput(out);
            writer.prepareWriteSequence(null);
            for (BufferedImage frame : List.of(quarters(13), new BufferedImage(WIDTH, HEIGHT, 13))) {
                writer.writeToSequence(
                        new IIOImage(
                                frame,
                                null,
                                writer.getDefaultImageMetadata(
                                        ImageTypeSpecifier.createFromRenderedImage(frame), null)),
                        null);
            }
            writer.endWriteSequence();
        }
        assertQuarters(PictureFile.read(file, MANY).grey(), 0);
    }

    /** As printers' JPEGs are: four inverted components, with Adobe's mark. Java's own reader refuses them. */
    @Test
    void cmykIsUnderstood() throws IOException {
        int[][] inks = {{0, 255, 255, 0}, {255, 0, 255, 0}, {255, 255, 0, 0}, {0, 0, 0, 0}};
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, WIDTH, HEIGHT, 4, null);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int[] ink = inks[x * 2 / WIDTH + 2 * (y * 2 / HEIGHT)];
                raster.setPixel(x, y, Arrays.stream(ink).map(i -> 255 - i).toArray());
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = java.util.stream.StreamSupport.stream(
                        ((Iterable<ImageWriter>) () -> ImageIO.getImageWritersByFormatName("jpeg")).spliterator(),
                        false)
                .filter(w -> w.getClass().getName().startsWith("com.sun"))
                .findFirst()
                .orElseThrow();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(out);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        byte[] adobe = {(byte) 0xFF, (byte) 0xEE, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0};
        byte[] jpeg = bytes.toByteArray();
        ByteBuffer file = ByteBuffer.allocate(jpeg.length + adobe.length);
        file.put(jpeg, 0, 2).put(adobe).put(jpeg, 2, jpeg.length - 2);
        GreyImage grey = PictureFile.read(Files.write(folder.resolve("cmyk.jpg"), file.array()), MANY)
                .grey();
        // Inks are no pure red, green and blue: white must be white, and the order of brightness right.
        assertTrue(level(grey, 0.75, 0.75) > 250, "white is " + level(grey, 0.75, 0.75));
        assertTrue(level(grey, 0.75, 0.25) > level(grey, 0.25, 0.25), "green is darker than red");
        assertTrue(level(grey, 0.25, 0.25) > level(grey, 0.25, 0.75), "red is darker than blue");
        assertTrue(level(grey, 0.25, 0.75) < 100, "blue is " + level(grey, 0.25, 0.75));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void theCamerasOrientationIsHonoured(int exif) throws IOException {
        Orientation turn = Orientation.ofExif(exif);
        BufferedImage upright = quarters(5);
        boolean swaps = exif > 4;
        BufferedImage stored = new BufferedImage(swaps ? HEIGHT : WIDTH, swaps ? WIDTH : HEIGHT, 5);
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                int[] at = stored(exif, x, y);
                stored.setRGB(at[0], at[1], upright.getRGB(x, y));
            }
        }
        Path file = save(stored, "jpg");
        byte[] jpeg = Files.readAllBytes(file);
        ByteBuffer segment = ByteBuffer.allocate(36);
        segment.putShort((short) 0xFFE1)
                .putShort((short) 34)
                .put("Exif\0\0".getBytes())
                .put("MM\0*".getBytes());
        segment.putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1);
        segment.putShort((short) exif).putShort((short) 0).putInt(0);
        ByteBuffer whole = ByteBuffer.allocate(jpeg.length + 36);
        whole.put(jpeg, 0, 2).put(segment.array()).put(jpeg, 2, jpeg.length - 2);
        Files.write(file, whole.array());
        PictureFile picture = PictureFile.read(file, MANY);
        assertEquals(turn, picture.orientation());
        GreyImage grey = picture.grey();
        assertEquals(WIDTH, grey.width());
        assertQuarters(grey, 3);
    }

    /** Where EXIF's standard stores pixel (x, y) of the upright picture: its row 0 and column 0, value by value. */
    private static int[] stored(int exif, int x, int y) {
        return switch (exif) {
            case 1 -> new int[] {x, y};
            case 2 -> new int[] {WIDTH - 1 - x, y};
            case 3 -> new int[] {WIDTH - 1 - x, HEIGHT - 1 - y};
            case 4 -> new int[] {x, HEIGHT - 1 - y};
            case 5 -> new int[] {y, x};
            case 6 -> new int[] {y, WIDTH - 1 - x}; // row 0 is the right side, column 0 the top
            case 7 -> new int[] {HEIGHT - 1 - y, WIDTH - 1 - x};
            default -> new int[] {HEIGHT - 1 - y, x}; // row 0 is the left side, column 0 the bottom
        };
    }

    @Test
    void aBombIsRefusedBeforeItIsDecoded() throws IOException {
        Path bomb = Files.write(folder.resolve("bomb.png"), png(50_000, 50_000, new byte[0]));
        assertRefused(bomb, "50000 x 50000 pixels, more than the 120000000 that are allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void cutOffFilesAreNamed(String format) throws IOException {
        BufferedImage image = quarters(format.equals("gif") ? 13 : 5);
        Random random = new Random(1);
        for (int i = 0; i < WIDTH * HEIGHT; i++) {
            image.setRGB(i % WIDTH, i / WIDTH, random.nextInt());
        }
        byte[] whole = Files.readAllBytes(save(image, format));
        for (double share : new double[] {0.01, 0.3, 0.7}) {
            int length = Math.max(2, (int) (share * whole.length));
            Path cut = Files.write(folder.resolve("cut." + format), Arrays.copyOf(whole, length));
            assertRefused(cut, "");
        }
    }

    @Test
    void damagedFilesNeverEscapeAsAnythingElse() throws IOException {
        Random random = new Random(4);
        for (String format : List.of("png", "jpg", "gif", "bmp", "tif")) {
            byte[] whole = Files.readAllBytes(save(quarters(format.equals("gif") ? 13 : 5), format));
            for (int i = 0; i < 300; i++) {
                byte[] damaged = whole.clone();
                for (int j = 1 + random.nextInt(4); j > 0; j--) {
                    damaged[random.nextInt(Math.min(damaged.length, 200))] = (byte) random.nextInt();
                }
                Path file = Files.write(folder.resolve("damaged." + format), damaged);
                try {
                    PictureFile.read(file, MANY).grey();
                } catch (IOException e) {
                    assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
                    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
                }
            }
        }
    }

    @Test
    void whatIsNoImageIsNamed() throws IOException {
        assertRefused(Files.writeString(folder.resolve("notes.jpg"), "not an image"), "not an image that can be read");
        assertRefused(Files.write(folder.resolve("empty.png"), new byte[0]), "empty file");
        assertRefused(Files.write(folder.resolve("zeros.png"), new byte[5000]), "not an image that can be read");
        assertRefused(folder, "is a folder");
        assertThrows(
                java.nio.file.NoSuchFileException.class, () -> PictureFile.read(folder.resolve("absent.jpg"), MANY));
    }

    private static void assertRefused(Path file, String reason) {
        String message = assertThrows(
                        IOException.class, () -> PictureFile.read(file, ExpressionRecognizer.DEFAULT_MAX_PIXELS)
                                .grey())
                .getMessage();
        assertTrue(message.startsWith(file + ": " + reason), message);
        assertEquals(1, message.lines().count(), message);
    }

    private static byte[] png(int width, int height, byte[] rows) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(data)) {
            deflater.write(rows);
        }
        ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 0, 0, 0, 0});
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        png.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
        chunk(png, "IHDR", header.array());
        chunk(png, "IDAT", data.toByteArray());
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String name, byte[] data) throws IOException {
        ByteBuffer body =
                ByteBuffer.allocate(4 + data.length).put(name.getBytes()).put(data);
        CRC32 crc = new CRC32();
        crc.update(body.array());
        png.write(ByteBuffer.allocate(4).putInt(data.length).array());
        png.write(body.array());
        png.write(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
