package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class SgdTest {

    /** LibTorch's own SGD is the oracle. */
    @Test
    void equalsLibTorch() {
        try (PointerScope scope = new PointerScope()) {
            NativeRuntime.load();
            torch.manual_seed(7);
            Tensor start = torch.randn(5, 3);
            Tensor target = torch.randn(5, 3);
            Tensor ours = start.clone().requires_grad_(true);
            Tensor theirs = start.clone().requires_grad_(true);
            SGDOptions options = new SGDOptions(0.1);
            options.momentum().put(0.9);
            options.weight_decay().put(0.01);
            SGD oracle = new SGD(new TensorVector(theirs), options);
            try (Sgd sgd = new Sgd(Map.of("w", ours), 0.9, 0.01)) {
                for (int step = 0; step < 20; step++) {
                    ours.sub(target).pow(new Scalar(2)).sum().backward();
                    sgd.step(0.1);
                    oracle.zero_grad();
                    theirs.sub(target).pow(new Scalar(2)).sum().backward();
                    oracle.step();
                }
            }
            assertTrue(
                    torch.allclose(ours, theirs, 1e-6, 1e-7, false),
                    () -> ours.sub(theirs).abs().max().item_double() + "");
            assertTrue(ours.sub(start).abs().max().item_double() > 0.1);
        }
    }
}
