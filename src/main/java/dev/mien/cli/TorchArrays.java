package dev.mien.cli;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Uploads;
import dev.mien.kernels.Batch;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.MiningResult;
import dev.mien.training.Devices;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;

/** Distances and mining of arrays as tensors; apart from the commands, so that the CPU's own kernels never load LibTorch. */
final class TorchArrays {

    static {
        NativeRuntime.load();
    }

    private TorchArrays() {}

    /** On {@code cpu} or {@code cuda}; {@link IllegalArgumentException} if there is no such device. */
    static FloatMatrix distances(
            Kernels kernels, FloatMatrix rows, FloatMatrix columns, Distance distance, String device) {
        Device where = Devices.open(device);
        try (PointerScope scope = new PointerScope()) {
            Tensor distances = kernels.distances(tensor(rows, where), tensor(columns, where), distance);
            return new FloatMatrix(Downloads.floats(distances), rows.rows(), columns.rows());
        }
    }

    /** What a miner finds in a batch on the GPU; {@link IllegalArgumentException} if there is none. */
    static MiningResult mineOnGpu(FloatMatrix embeddings, long[] labels, Function<Batch, MiningResult> miner) {
        Device gpu = Devices.open("cuda");
        try (PointerScope scope = new PointerScope()) {
            MiningResult mined = miner.apply(Batch.of(tensor(embeddings, gpu), Uploads.longs(labels, gpu)));
            mined.triplets().fetched(); // the scope ends before they are written
            return mined;
        }
    }

    private static Tensor tensor(FloatMatrix matrix, Device device) {
        return Uploads.floats(matrix.values(), device, matrix.rows(), matrix.columns());
    }
}
