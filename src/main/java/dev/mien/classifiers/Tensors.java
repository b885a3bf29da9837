package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.Tensor;

/** Java arrays as LibTorch tensors; the caller holds a PointerScope. */
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

    /** The column of the greatest value in each row of (n, classes); the first of equals. */
    static int[] argmaxRows(Tensor scores) {
        float[] values = Downloads.floats(scores);
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
