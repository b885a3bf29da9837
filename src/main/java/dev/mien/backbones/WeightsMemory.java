package dev.mien.backbones;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Tensors as plain memory: made, measured and seen as bytes. */
final class WeightsMemory {

    private WeightsMemory() {}

    /** A dense CPU tensor, not initialised. */
    static Tensor empty(long[] shape, WeightsType type) {
        return torch.empty(shape, new TensorOptions(type.scalar), new MemoryFormatOptional());
    }

    /** The sides of a tensor; none for a scalar. */
    static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = tensor.size(i);
        }
        return shape;
    }

    /** A window on the memory of a contiguous CPU tensor; the tensor must outlive it. */
    static ByteBuffer window(Tensor tensor, long start, int length) {
        return new BytePointer(tensor.data_ptr())
                .capacity(start + length)
                .position(start)
                .asByteBuffer();
    }

    /** Turns big-endian values of {@code width} bytes into little-endian ones, or back. */
    static void reverseBytes(Tensor tensor, int width) {
        int step = 1 << 20;
        for (long start = 0; start < tensor.nbytes(); start += step) {
            int length = (int) Math.min(step, tensor.nbytes() - start);
            ByteBuffer bytes = window(tensor, start, length);
            for (int low = 0; low < length; low += width) {
                for (int i = 0; i < width / 2; i++) {
                    byte swapped = bytes.get(low + i);
                    bytes.put(low + i, bytes.get(low + width - 1 - i));
                    bytes.put(low + width - 1 - i, swapped);
                }
            }
        }
    }
}
