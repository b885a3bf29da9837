package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.WeightsScaling;
import dev.mien.data.Views;
import java.util.Random;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaceInputTest {

    private static final FaceBox WHOLE = new FaceBox(0, 0, 48, 48);

    private final Random random = new Random(9);

    private GreyImage noise(int width, int height) {
        byte[] pixels = new byte[width * height];
        random.nextBytes(pixels);
        return new GreyImage(pixels, width, height);
    }

    /** A face of 48 pixels must look to the network exactly as it did in training. */
    @ParameterizedTest
    @CsvSource({"48, 1", "48, 3", "44, 3", "40, 1", "64, 1"})
    void aFaceOf48PixelsIsSeenAsInTraining(int size, int channels) {
        GreyImage image = noise(48, 48);
        float[] seen = new float[channels * size * size];
        new FaceInput(size, channels, WeightsScaling.UNIT).write(image, WHOLE, seen, 0);
        assertArrayEquals(training(image, size, channels), seen, 1e-6f);
    }

    private static float[] training(GreyImage image, int size, int channels) {
        try (PointerScope scope = new PointerScope()) {
            dev.mien.internal.NativeRuntime.load();
            Tensor pixels = torch.empty(
                    new long[] {1, 48, 48}, new TensorOptions(torch.ScalarType.Byte), new MemoryFormatOptional());
            new BytePointer(pixels.data_ptr()).capacity(2304).put(image.pixels(), 0, 2304);
            float[] values = new float[channels * size * size];
            new FloatPointer(Views.plain(pixels, size, channels).data_ptr()).get(values);
            return values;
        }
    }

    /** Mean over the area that a new pixel covers, by cutting each old pixel into 48 x 48 parts. */
    @ParameterizedTest
    @ValueSource(ints = {49, 60, 97, 130})
    void largerFacesAreAveragedOverAreas(int side) {
        GreyImage image = noise(side + 20, side + 10);
        float[] seen = new float[48 * 48];
        new FaceInput(48, 1, WeightsScaling.UNIT).write(image, new FaceBox(7, 3, side, side), seen, 0);
        for (int i = 0; i < 50; i++) {
            int x = random.nextInt(48);
            int y = random.nextInt(48);
            assertEquals(mean(image, 7, 3, side, x, y), 255 * seen[y * 48 + x], 1e-3, x + "," + y);
        }
    }

    private static double mean(GreyImage image, int left, int top, int side, int x, int y) {
        double sum = 0;
        for (int v = y * side; v < (y + 1) * side; v++) {
            for (int u = x * side; u < (x + 1) * side; u++) {
                sum += image.pixels()[(top + v / 48) * image.width() + left + u / 48] & 0xFF;
            }
        }
        return sum / side / side;
    }

    @Test
    void placesBeyondTheBorderTakeItsLevel() {
        byte[] pixels = new byte[100 * 100];
        java.util.Arrays.fill(pixels, (byte) 200);
        float[] seen = new float[48 * 48];
        for (FaceBox box : new FaceBox[] {new FaceBox(-40, -60, 96, 96), new FaceBox(90, 95, 30, 30)}) {
            new FaceInput(48, 1, WeightsScaling.UNIT).write(new GreyImage(pixels, 100, 100), box, seen, 0);
            for (float value : seen) {
                assertEquals(200 / 255f, value, 1e-6f);
            }
        }
    }

    @Test
    void imageNetScalingIsAppliedPerChannel() {
        GreyImage image = noise(48, 48);
        float[] unit = new float[48 * 48];
        new FaceInput(48, 1, WeightsScaling.UNIT).write(image, WHOLE, unit, 0);
        float[] normalised = new float[5 + 3 * 48 * 48];
        new FaceInput(48, 3, WeightsScaling.NORMALISED).write(image, WHOLE, normalised, 5);
        for (int c = 0; c < 3; c++) {
            for (int i = 0; i < unit.length; i++) {
                assertEquals(
                        (unit[i] - WeightsScaling.mean(c)) / WeightsScaling.deviation(c),
                        normalised[5 + c * unit.length + i],
                        1e-5);
            }
        }
    }
}
