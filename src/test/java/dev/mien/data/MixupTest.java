package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;

class MixupTest {

    @Test
    void theSameStepDrawsTheSame() {
        Mixup one = Mixup.draw(0.4, 20, 3, 7);
        Mixup again = Mixup.draw(0.4, 20, 3, 7);
        assertEquals(one.weight(), again.weight());
        assertArrayEquals(one.partners(), again.partners());
        assertNotEquals(one.weight(), Mixup.draw(0.4, 20, 3, 8).weight());
        assertNotEquals(one.weight(), Mixup.draw(0.4, 20, 4, 7).weight());
        int[] sorted = one.partners().clone();
        Arrays.sort(sorted);
        assertArrayEquals(IntStream.range(0, 20).toArray(), sorted);
    }

    /** At alpha = 1 the larger of a uniform draw and its complement is uniform in 0.5..1; at 0.1 most lie near 1. */
    @Test
    void theWeightHasTheDistributionOfItsParameter() {
        double[] uniform = weights(1);
        double[] edge = weights(0.1);
        assertTrue(Arrays.stream(uniform).allMatch(w -> w >= 0.5 && w <= 1));
        assertEquals(0.75, Arrays.stream(uniform).average().orElseThrow(), 0.01);
        assertEquals(0.25, Arrays.stream(uniform).filter(w -> w < 0.625).count() / 4000.0, 0.03);
        assertTrue(Arrays.stream(edge).filter(w -> w > 0.95).count() > 2000);
    }

    private static double[] weights(double alpha) {
        return IntStream.range(0, 4000)
                .mapToDouble(step -> Mixup.draw(alpha, 2, 11, step).weight())
                .toArray();
    }

    @Test
    void rowsAreBlendedWithTheirPartners() {
        try (PointerScope scope = new PointerScope()) {
            Tensor rows = Tensor.create(new float[] {1, 2, 10, 20, 100, 200}, 3, 2);
            float[] mixed = new float[6];
            Tensor blended = new Mixup(0.75, new int[] {2, 0, 1}).blend(rows);
            new FloatPointer(blended.data_ptr()).get(mixed);
            assertArrayEquals(new float[] {25.75f, 51.5f, 7.75f, 15.5f, 77.5f, 155f}, mixed);
        }
    }
}
