package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchematicFacesTest {

    @TempDir
    Path folder;

    @Test
    void sameSeedSameFacesAndSplitsOfTheKnownShape() {
        Dataset data = SchematicFaces.generate(1000, 3);
        assertEquals("schematic:1000", data.name());
        assertEquals(800, data.train().size());
        assertEquals(100, data.validation().size());
        assertEquals(100, data.test().size());
        int[] fer = {3995, 436, 4097, 7215, 4965, 4830, 3171};
        for (int label = 0; label < Expression.COUNT; label++) {
            assertEquals(fer[label] * 800.0 / 28_709, data.train().countsPerClass()[label], 1.0);
            assertTrue(data.test().countsPerClass()[label] >= 1);
        }
        Dataset again = SchematicFaces.generate(1000, 3);
        for (Split split : Split.values()) {
            assertArrayEquals(data.split(split).pixels(), again.split(split).pixels());
            assertArrayEquals(data.split(split).labels(), again.split(split).labels());
        }
        assertFalse(Arrays.equals(
                data.train().pixels(), SchematicFaces.generate(1000, 4).train().pixels()));
    }

    @Test
    void facesAreAllDifferentWithinAndAcrossSplits() {
        Dataset data = SchematicFaces.generate(500, 8);
        Set<String> seen = new HashSet<>();
        int area = FaceImages.SIDE * FaceImages.SIDE;
        for (Split split : Split.values()) {
            byte[] pixels = data.split(split).pixels();
            for (int i = 0; i < data.split(split).size(); i++) {
                assertTrue(seen.add(Arrays.toString(Arrays.copyOfRange(pixels, i * area, (i + 1) * area))));
            }
        }
    }

    @Test
    void smallestSetHoldsEveryClassInTrain() {
        Dataset data = SchematicFaces.generate(SchematicFaces.MIN_SIZE, 0);
        assertTrue(Arrays.stream(data.train().countsPerClass()).allMatch(n -> n > 0));
        assertThrows(IllegalArgumentException.class, () -> SchematicFaces.generate(SchematicFaces.MIN_SIZE - 1, 0));
        assertThrows(IllegalArgumentException.class, () -> SchematicFaces.generate(Integer.MAX_VALUE, 0));
    }

    @Test
    void contactSheetIsAPicture() throws IOException {
        Path png = folder.resolve("sheet.png");
        ContactSheet.write(SchematicFaces.generate(200, 1).train(), 5, png);
        var sheet = ImageIO.read(png.toFile());
        assertEquals(5 * 100 + 4, sheet.getWidth());
        assertEquals(7 * 100 + 4, sheet.getHeight());
        assertEquals(1, Files.list(folder).count());
        assertThrows(
                IllegalArgumentException.class,
                () -> ContactSheet.write(SchematicFaces.generate(200, 1).train(), 0, png));
    }

    @Test
    void aLinearModelOnPixelsStaysBelowNinetyPercent() {
        Dataset data = SchematicFaces.generate(6000, 1);
        double best = linearAccuracy(data, 1e-3);
        System.out.printf("schematic faces: a linear model on pixels reaches %.1f %%%n", 100 * best);
        assertTrue(best < 0.9, "a linear model reaches " + best);
        assertTrue(best > 0.35, "the linear model did not learn: " + best);
    }

    /**
     * Multinomial logistic regression by Nesterov's accelerated gradient on standardised images: its best test accuracy
     * over the course of training, which flatters it.
     */
    private static double linearAccuracy(Dataset data, double decay) {
        try (PointerScope scope = new PointerScope()) {
            Tensor x = standardised(data.train());
            Tensor test = standardised(data.test());
            Tensor labels = labels(data.train());
            Tensor targets = torch.one_hot(labels, Expression.COUNT).to(torch.ScalarType.Float);
            Tensor w = torch.zeros(x.size(1), Expression.COUNT);
            Tensor ahead = w.clone();
            double rate = 1 / (0.5 * largestEigenvalue(x) + decay); // softmax has curvature of at most 1/2
            double best = 0;
            for (int i = 0; i < 60; i++) {
                try (PointerScope step = new PointerScope()) {
                    Tensor error = torch.softmax(x.matmul(ahead), 1).sub(targets);
                    Tensor gradient = x.t().matmul(error)
                            .div_(new Scalar((double) x.size(0)))
                            .add_(ahead.mul(new Scalar(decay)));
                    Tensor next = ahead.sub(gradient.mul(new Scalar(rate)));
                    ahead.copy_(next.add(next.sub(w).mul(new Scalar(i / (i + 3.0)))));
                    w.copy_(next);
                    if (i % 20 == 19) {
                        Tensor predicted = test.matmul(w).argmax(new LongOptional(1), false);
                        best = Math.max(
                                best,
                                predicted
                                        .eq(labels(data.test()))
                                        .to(torch.ScalarType.Float)
                                        .mean()
                                        .item_double());
                    }
                }
            }
            return best;
        }
    }

    /** Of the second-moment matrix, by power iteration. */
    private static double largestEigenvalue(Tensor x) {
        Tensor v = torch.ones(x.size(1), 1);
        double length = 0;
        for (int i = 0; i < 20; i++) {
            v = x.t().matmul(x.matmul(v)).div_(new Scalar((double) x.size(0)));
            length = v.norm().item_double();
            v = v.div(new Scalar(length));
        }
        return length;
    }

    /** Each image brought to mean 0 and deviation 1, the strongest simple start for a linear model; plus a constant. */
    private static Tensor standardised(FaceImages images) {
        Tensor flat = Views.plain(images.toTensor(), FaceImages.SIDE, 1).view(images.size(), -1);
        Tensor centred = flat.sub(flat.mean(new long[] {1}, true, new ScalarTypeOptional()));
        Tensor deviation = centred.square()
                .mean(new long[] {1}, true, new ScalarTypeOptional())
                .sqrt()
                .add(new Scalar(1e-3));
        return torch.cat(new TensorVector(centred.div(deviation), torch.ones(images.size(), 1)), 1);
    }

    private static Tensor labels(FaceImages images) {
        return Tensor.create(Arrays.stream(images.labels()).asLongStream().toArray(), images.size());
    }
}
