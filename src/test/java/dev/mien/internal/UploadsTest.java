package dev.mien.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class UploadsTest {

    @BeforeAll
    static void loadLibTorch() {
        NativeRuntime.load();
    }

    @Test
    void numbersArriveOnTheProcessor() {
        arriveOn(new Device("cpu"));
    }

    @Test
    void numbersArriveOnAGpu() {
        assumeTrue(torch.cuda_is_available(), "LibTorch sees no GPU here");
        arriveOn(new Device("cuda"));
    }

    private static void arriveOn(Device device) {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Uploads.rows(new int[] {2, 0, 1 << 30}, device);
            Tensor values = Uploads.floats(new float[] {1, 2, 3, 4, 5, 6}, device, 3, 2);
            assertEquals(device.type().intern(), rows.device().type().intern());
            assertEquals(ScalarType.Long, rows.scalar_type().intern());
            long[] longs = new long[3];
            new LongPointer(rows.cpu().data_ptr()).get(longs);
            assertArrayEquals(new long[] {2, 0, 1 << 30}, longs);
            assertEquals(2, values.size(1));
            float[] second = new float[3];
            new FloatPointer(values.select(1, 1).cpu().contiguous().data_ptr()).get(second);
            assertArrayEquals(new float[] {2, 4, 6}, second);
        }
    }
}
