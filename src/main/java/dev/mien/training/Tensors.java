package dev.mien.training;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.data.FaceImages;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Moves Java arrays into tensors on a device. */
final class Tensors {

    private Tensors() {}

    /** The images as uint8 (n, h, w), resident on the device. */
    static Tensor pixels(FaceImages images, Device device) {
        return images.toTensor().to(device, ScalarType.Byte);
    }

    /** Labels as int64 (n) on the device. */
    static Tensor labels(int[] labels, Device device) {
        return rows(labels, device);
    }

    /** Row numbers as int64 (n) on the device. */
    static Tensor rows(int[] rows, Device device) {
        long[] wide = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            wide[i] = rows[i];
        }
        Tensor host =
                torch.empty(new long[] {rows.length}, new TensorOptions(ScalarType.Long), new MemoryFormatOptional());
        new LongPointer(host.data_ptr()).capacity(rows.length).put(wide);
        return host.to(device, ScalarType.Long);
    }

    /** Share of rows whose largest score is at their label. */
    static double accuracy(Tensor scores, Tensor labels) {
        return correct(scores, labels).item_double() / labels.size(0);
    }

    /** Number of rows whose largest score is at their label, as a scalar tensor on the device. */
    static Tensor correct(Tensor scores, Tensor labels) {
        return scores.argmax(new LongOptional(1), false).eq(labels).sum();
    }
}
