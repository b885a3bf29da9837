package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AugmentationTest {

    private static int threads;

    private final long seed = System.nanoTime();

    /** On a busy machine the threads of many small operations wait for each other. */
    @BeforeAll
    static void useOneThread() {
        threads = NativeRuntime.threads();
        NativeRuntime.setThreads(1);
    }

    @AfterAll
    static void useAllThreads() {
        NativeRuntime.setThreads(threads);
    }

    private static FaceImages random(int n, int height, int width, long seed) {
        byte[] pixels = new byte[n * height * width];
        new Random(seed).nextBytes(pixels);
        return new FaceImages(pixels, height, width, new int[n], Collections.nCopies(n, "x"));
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.numel()];
        new FloatPointer(tensor.contiguous().data_ptr_float()).get(values);
        return values;
    }

    private static double largestDifference(Tensor a, Tensor b) {
        return torch.max(a.sub(b).abs()).item_double();
    }

    @Test
    void noneEqualsPlainAndPlainIsTheCentre() {
        try (PointerScope scope = new PointerScope()) {
            FaceImages faces = random(3, 48, 48, seed);
            Tensor images = faces.toTensor();
            for (int size : new int[] {1, 43, 44, 48, 64}) {
                for (int channels : new int[] {1, 3}) {
                    Tensor plain = Views.plain(images, size, channels);
                    assertEquals(size, plain.size(3));
                    assertEquals(channels, plain.size(1));
                    assertTrue(plain.equal(Augmentation.NONE.apply(images, size, channels, seed, 5)), "seed " + seed);
                }
            }
            float[] centre = values(Views.plain(images, 44, 1));
            for (int i = 0; i < centre.length; i++) {
                int image = i / (44 * 44);
                int y = i / 44 % 44 + 2;
                int x = i % 44 + 2;
                assertEquals((faces.pixels()[image * 48 * 48 + y * 48 + x] & 0xFF) / 255f, centre[i]);
            }
        }
    }

    @Test
    void flipMirrorsAboutHalfOfTheImages() {
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(64, 48, 48, seed).toTensor();
            Tensor plain = Views.plain(images, 48, 1);
            Tensor mirror = plain.flip(3);
            assertTrue(largestDifference(mirror, Augmentation.NONE.withFlip(1).apply(images, 48, 1, seed, 0)) < 1e-5);
            Tensor half = Augmentation.NONE.withFlip(0.5).apply(images, 48, 1, 4, 0);
            int mirrored = 0;
            for (long i = 0; i < 64; i++) {
                boolean same = largestDifference(half.select(0, i), plain.select(0, i)) < 1e-5;
                boolean flipped = largestDifference(half.select(0, i), mirror.select(0, i)) < 1e-5;
                assertTrue(same ^ flipped);
                mirrored += flipped ? 1 : 0;
            }
            assertTrue(mirrored > 16 && mirrored < 48, mirrored + " of 64 mirrored");
        }
    }

    @Test
    void cropsAreWholePixelWindows() {
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(40, 48, 48, seed).toTensor();
            Tensor grey = Views.plain(images, 48, 1);
            Tensor crops = Augmentation.NONE.withCrop(true).apply(images, 44, 1, seed, 1);
            boolean[] corners = new boolean[25];
            for (long i = 0; i < 40; i++) {
                int found = -1;
                for (int corner = 0; corner < 25; corner++) {
                    Tensor window = grey.select(0, i).narrow(1, corner / 5, 44).narrow(2, corner % 5, 44);
                    found = largestDifference(window, crops.select(0, i)) < 1e-4 ? corner : found;
                }
                assertTrue(found >= 0, "no window fits image " + i + ", seed " + seed);
                corners[found] = true;
            }
            assertFalse(IntStream.range(0, 25).filter(c -> corners[c]).count() < 8, "crops vary");
        }
    }

    @Test
    void aRotationTurnsAndAShiftMoves() {
        try (PointerScope scope = new PointerScope()) {
            byte[] pixels = new byte[48 * 48];
            for (int y = 30; y < 34; y++) {
                Arrays.fill(pixels, y * 48 + 22, y * 48 + 26, (byte) 255);
            }
            Tensor image = new FaceImages(pixels, 48, 48, new int[1], List.of("x")).toTensor();
            Augmentation moved = Augmentation.NONE.withShift(6).withRotation(40).withScale(0.8, 1.2);
            double mass = 0;
            for (int step = 0; step < 200; step++) {
                mass += moved.apply(image, 48, 1, seed, step).sum().item_double() / 200;
            }
            assertEquals(16, mass, 2.5, "area grows with zoom squared and is kept on the mean, seed " + seed);
        }
    }

    @Test
    void sameStepSameChangesAndRangeIsKept() {
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(16, 48, 48, seed).toTensor();
            Augmentation all = Augmentation.STRONG.withLight(1, 1).withErasing(1, 0.01, 1);
            Tensor first = all.apply(images, 44, 3, seed, 7);
            assertArrayEquals(new long[] {16, 3, 44, 44}, first.shape());
            assertTrue(first.equal(all.apply(images, 44, 3, seed, 7)));
            assertFalse(first.equal(all.apply(images, 44, 3, seed, 8)));
            assertFalse(first.equal(all.apply(images, 44, 3, seed + 1, 7)));
            for (float value : values(first)) {
                assertTrue(value >= 0 && value <= 1, "value " + value + ", seed " + seed);
            }
        }
    }

    @Test
    void erasingPaintsOneRectangleOfTheAskedArea() {
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(50, 48, 48, seed).toTensor();
            Tensor plain = Views.plain(images, 48, 1);
            Tensor erased = Augmentation.NONE.withErasing(1, 0.1, 0.1).apply(images, 48, 1, seed, 0);
            for (long i = 0; i < 50; i++) {
                float[] a = values(plain.select(0, i));
                float[] b = values(erased.select(0, i));
                int changed = 0;
                for (int j = 0; j < a.length; j++) {
                    changed += a[j] != b[j] ? 1 : 0;
                }
                // A grey level of the rectangle may equal the image's by chance; rounding the sides moves the area.
                assertEquals(0.1 * 48 * 48, changed, 0.1 * 48 * 48 * 0.12, "image " + i + ", seed " + seed);
            }
        }
    }

    @Test
    void viewsForTestTime() {
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(2, 48, 48, seed).toTensor();
            Tensor mirrored = Views.mirrored(images, 44, 1);
            assertTrue(mirrored.select(0, 0).equal(mirrored.select(0, 1).flip(3)));
            Tensor ten = Views.tenCrop(images, 44, 3);
            assertArrayEquals(new long[] {10, 2, 3, 44, 44}, ten.shape());
            assertTrue(ten.select(0, 4).equal(Views.plain(images, 44, 3)));
            Tensor grey = Views.plain(images, 48, 3);
            assertTrue(ten.select(0, 3).equal(grey.narrow(2, 4, 44).narrow(3, 4, 44)));
            assertTrue(ten.select(0, 8).equal(ten.select(0, 3).flip(3)));
        }
    }

    @Test
    void badSettingsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Augmentation.NONE.withFlip(1.1));
        assertThrows(IllegalArgumentException.class, () -> Augmentation.NONE.withScale(2, 1));
        assertThrows(IllegalArgumentException.class, () -> Augmentation.NONE.withErasing(0.5, 0, 0.1));
        assertThrows(IllegalArgumentException.class, () -> Augmentation.NONE.withShift(Double.NaN));
        try (PointerScope scope = new PointerScope()) {
            Tensor images = random(1, 48, 48, 1).toTensor();
            assertThrows(IllegalArgumentException.class, () -> Views.plain(images, 0, 1));
            assertThrows(IllegalArgumentException.class, () -> Views.plain(images, 44, 2));
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Augmentation.STRONG.apply(torch.ones(1, 48, 48), 44, 1, 1, 1));
        }
    }

    @Test
    void memoryStaysFlat() {
        Tensor images = random(64, 48, 48, seed).toTensor();
        long before = 0;
        for (int step = 0; step < 160; step++) {
            try (PointerScope scope = new PointerScope()) {
                Augmentation.STRONG.apply(images, 44, 1, seed, step);
            }
            before = step == 40 ? Pointer.physicalBytes() : before;
        }
        long grown = Pointer.physicalBytes() - before;
        assertTrue(grown < 40 << 20, "grew by " + grown + " bytes over 120 steps, each of megabytes");
    }
}
