package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.internal.NativeRuntime;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WeightAverageTest {

    @BeforeAll
    static void load() {
        NativeRuntime.load();
    }

    @Test
    void equalsItsFormula() {
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = torch.zeros(1);
            try (WeightAverage average = new WeightAverage(Map.of("w", weight), 0.6)) {
                double expected = 0;
                for (int step = 0; step < 30; step++) {
                    weight.fill_(new Scalar((double) step * step));
                    average.update(step);
                    double kept = Math.min(0.6, (1.0 + step) / (10.0 + step));
                    expected = kept * expected + (1 - kept) * step * step;
                    assertEquals(
                            expected, average.tensors().get("w").item_double(), 1e-5 * (1 + expected), "step " + step);
                }
            }
        }
    }

    @Test
    void theDecayGrowsToItsLimit() {
        assertEquals(0.1, WeightAverage.decay(0.999, 0), 1e-12);
        assertEquals(0.5, WeightAverage.decay(0.999, 8), 1e-12);
        assertEquals(0.999, WeightAverage.decay(0.999, 1_000_000), 1e-12);
    }

    @Test
    void twoSwapsChangeNothing() {
        try (PointerScope scope = new PointerScope()) {
            Tensor weight = torch.zeros(1);
            try (WeightAverage average = new WeightAverage(Map.of("w", weight), 0.5)) {
                weight.fill_(new Scalar(4.0));
                average.swap();
                assertEquals(0, weight.item_double());
                assertEquals(4, average.tensors().get("w").item_double());
                average.swap();
                assertEquals(4, weight.item_double());
                assertEquals(0, average.tensors().get("w").item_double());
            }
        }
    }
}
