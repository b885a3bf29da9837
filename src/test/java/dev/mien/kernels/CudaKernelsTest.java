package dev.mien.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.MienVersion;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;

/** By the CUDA library, on the host. */
class CudaKernelsTest extends AbstractKernelsTest {

    @Override
    Kernels kernels() {
        return CudaOnHost.kernels();
    }

    @Test
    void sayWhatComputesWhere() {
        NativeKernels kernels = CudaOnHost.kernels().withCudaPrecision(CudaPrecision.TF32);
        assertEquals("libmien_cuda " + MienVersion.get() + " (tf32)", kernels.description("cuda"));
        assertEquals(new NativeKernels().description(), kernels.description("cpu"));
    }

    @Test
    void takeHalvesAndMixtures() {
        Tensor a = torch.randn(40, 33).to(ScalarType.BFloat16);
        Tensor b = torch.randn(50, 33).to(ScalarType.Half);
        for (Distance distance : Distance.values()) {
            Tensor expected = new NativeKernels().distances(a.to(ScalarType.Float), b.to(ScalarType.Float), distance);
            Tensor actual = kernels().distances(a, b, distance);
            double error = actual.sub(expected).abs().max().item_double();
            assertTrue(error <= 1e-6 * expected.max().item_double(), distance + " is wrong by " + error);
        }
    }
}
