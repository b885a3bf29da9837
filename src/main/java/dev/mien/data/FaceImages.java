package dev.mien.data;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.internal.NativeRuntime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Labelled grey images of one size, held as one block of bytes.
 *
 * @param pixels (n, height, width) grey levels 0..255, row-major
 * @param height rows of each image, in pixels
 * @param width columns of each image, in pixels
 * @param labels (n) ordinals of {@link Expression}
 * @param names (n) where each image came from, such as {@code test/happy/PrivateTest_1206.jpg}
 */
public record FaceImages(byte[] pixels, int height, int width, int[] labels, List<String> names) {

    /** Side of FER2013's square images, in pixels. */
    public static final int SIDE = 48;

    private static final int MOST_BYTES = Integer.MAX_VALUE - 8; // longer arrays no JVM promises

    /** Checks that the parts agree in length; {@link IllegalArgumentException} otherwise. */
    public FaceImages {
        if (pixels.length != (long) labels.length * height * width || names.size() != labels.length) {
            throw new IllegalArgumentException("%d pixels, %d labels and %d names do not describe the same %dx%d images"
                    .formatted(pixels.length, labels.length, names.size(), height, width));
        }
    }

    /** Number of images. */
    public int size() {
        return labels.length;
    }

    /** A copy holding the given rows, in the given order. */
    public FaceImages select(int[] rows) {
        int area = height * width;
        byte[] chosen = new byte[rows.length * area];
        int[] chosenLabels = new int[rows.length];
        String[] chosenNames = new String[rows.length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(pixels, rows[i] * area, chosen, i * area, area);
            chosenLabels[i] = labels[rows[i]];
            chosenNames[i] = names.get(rows[i]);
        }
        return new FaceImages(chosen, height, width, chosenLabels, Arrays.asList(chosenNames));
    }

    /**
     * Every image {@code times} times over, all images before their first repetition: row i holds image i mod n.
     *
     * @param times at least 1
     * @throws IllegalArgumentException if times is below 1, or the result is too large for one array
     */
    public FaceImages repeated(int times) {
        if (times < 1 || (long) pixels.length * times > MOST_BYTES) {
            throw new IllegalArgumentException("%d images cannot be repeated %d times; expected 1 to %d"
                    .formatted(size(), times, MOST_BYTES / Math.max(1, pixels.length)));
        }
        int[] rows = IntStream.range(0, times * size()).map(i -> i % size()).toArray();
        return times == 1 ? this : select(rows);
    }

    /** Images per class: (7) counts in label order. */
    public int[] countsPerClass() {
        int[] counts = new int[Expression.COUNT];
        for (int label : labels) {
            counts[label]++;
        }
        return counts;
    }

    /** The images as one uint8 tensor (n, height, width) in host memory; the caller owns it. */
    public Tensor toTensor() {
        NativeRuntime.load();
        Tensor tensor = torch.empty(
                new long[] {size(), height, width}, new TensorOptions(ScalarType.Byte), new MemoryFormatOptional());
        new BytePointer(tensor.data_ptr()).capacity(pixels.length).put(pixels, 0, pixels.length);
        return tensor;
    }
}
