package dev.mien.training;

import static org.bytedeco.pytorch.global.torch.ScalarType;

import dev.mien.data.FaceImages;
import dev.mien.internal.Uploads;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Tensors on a device, and what is counted there. */
final class Tensors {

    private Tensors() {}

    /** The images as uint8 (n, h, w), resident on the device. */
    static Tensor pixels(FaceImages images, Device device) {
        return images.toTensor().to(device, ScalarType.Byte);
    }

    /** Labels as int64 (n) on the device. */
    static Tensor labels(int[] labels, Device device) {
        return Uploads.rows(labels, device);
    }

    /** Room for float32 (n, d) on the device. */
    static Tensor matrix(long n, long d, Device device) {
        TensorOptions floats = new TensorOptions(ScalarType.Float).device(new DeviceOptional(device));
        return torch.empty(new long[] {n, d}, floats, new MemoryFormatOptional());
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
