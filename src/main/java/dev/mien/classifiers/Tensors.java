package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.Tensor;

/** Java arrays to LibTorch tensors and back; the caller holds a PointerScope. */
final class Tensors {

    static {
        NativeRuntime.load();
    }

    private Tensors() {}

    /** A copy as a float32 tensor (rows, columns). */
    static Tensor of(FloatMatrix matrix) {
        return Tensor.create(matrix.values(), matrix.rows(), matrix.columns());
    }

    /** A copy as an int64 tensor (n). */
    static Tensor of(int[] values) {
        long[] wide = new long[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return Tensor.create(wide, (long) wide.length);
    }

    /** A copy of a float32 tensor of any shape, row-major. */
    static float[] floats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        if (values.length > 0) { // an empty tensor has no address
            tensor.contiguous().data_ptr_float().get(values);
        }
        return values;
    }

    /** The column of the greatest value in each row of (n, classes); the first of equals. */
    static int[] argmaxRows(Tensor scores) {
        float[] values = floats(scores);
        int classes = (int) scores.size(1);
        int[] best = new int[(int) scores.size(0)];
        for (int row = 0; row < best.length; row++) {
            for (int label = 1; label < classes; label++) {
                if (values[row * classes + label] > values[row * classes + best[row]]) {
                    best[row] = label;
                }
            }
        }
        return best;
    }
}
