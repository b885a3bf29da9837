package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.Gpu;
import dev.mien.kernels.Distance;
import dev.mien.kernels.NativeKernels;
import org.bytedeco.pytorch.Device;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code mien bench --device cuda}: on a GPU, too, every peer agrees with mien before it is timed. */
@Tag("gpu")
class GpuDuelTest {

    @BeforeAll
    static void requireGpu() {
        Gpu.require();
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsMeasured(Distance distance) {
        Workload workload = new Workload(530, 33, distance, Clusters.UNTRAINED);
        Duel duel = new Duel(2, 0.1, new Device("cuda"), new NativeKernels());
        for (Operation operation : Operation.values()) {
            Measurement measured = duel.measure(operation, workload);
            assertTrue(measured.mien().median() > 0, operation.word());
            assertTrue(Double.isNaN(measured.peakGflops()), operation.word());
            assertTrue(
                    operation == Operation.BATCH_HARD_FULL // mien alone
                            || !measured.peers().isEmpty(),
                    operation.word());
        }
    }
}
