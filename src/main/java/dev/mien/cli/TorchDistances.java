package dev.mien.cli;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.NativeRuntime;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Distances through LibTorch; apart from its command, so that the native way never loads LibTorch. */
final class TorchDistances {

    static {
        NativeRuntime.load();
    }

    private TorchDistances() {}

    static FloatMatrix of(Kernels kernels, FloatMatrix rows, FloatMatrix columns, Distance distance) {
        try (PointerScope scope = new PointerScope()) {
            Tensor distances =
                    kernels.distances(tensor(rows), tensor(columns), distance).contiguous();
            float[] values = new float[rows.rows() * columns.rows()];
            if (values.length > 0) {
                distances.data_ptr_float().get(values);
            }
            return new FloatMatrix(values, rows.rows(), columns.rows());
        }
    }

    private static Tensor tensor(FloatMatrix matrix) {
        Tensor tensor = torch.empty(matrix.rows(), matrix.columns());
        if (matrix.values().length > 0) {
            new FloatPointer(tensor.data_ptr()).put(matrix.values());
        }
        return tensor;
    }
}
