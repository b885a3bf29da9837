package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.bench.StepProfile.Part;
import dev.mien.internal.NativeRuntime;
import java.io.IOException;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class StepProfileTest {

    private static final double SECOND = 1e9;
    private static final double TOLERANCE = 0.15; // of some 100 samples

    private double nanosInJava;
    private double nanosInNativeCode;
    private double sink;

    /** A step of known halves: each is timed beside what the profile says. */
    @Test
    void tellsJavaFromNativeCode() throws IOException {
        NativeRuntime.load();
        StepProfile profile = StepProfile.of(this::steps, StepProfileTest.class.getName() + ".step");
        double java = nanosInJava / (nanosInJava + nanosInNativeCode);
        assertEquals(java, profile.java(), TOLERANCE, profile::toString);
        assertEquals(java, profile.parts().get(Part.FORWARD), TOLERANCE, profile::toString);
        assertEquals(1 - java, profile.parts().get(Part.BACKWARD), TOLERANCE, profile::toString);
        double seen = profile.samples() * 0.01 / ((nanosInJava + nanosInNativeCode) / SECOND);
        assertTrue(seen > 0.25 && seen < 1.25, () -> seen + " of the time were seen");
    }

    private void steps() {
        while (nanosInJava + nanosInNativeCode < 2 * SECOND) {
            step();
        }
    }

    private void step() {
        long started = System.nanoTime();
        features();
        long between = System.nanoTime();
        backward();
        nanosInJava += between - started;
        nanosInNativeCode += System.nanoTime() - between;
    }

    private void features() {
        for (int i = 0; i < 1_000_000; i++) {
            sink += Math.sqrt(i + sink);
        }
    }

    private void backward() {
        try (PointerScope scope = new PointerScope()) {
            Tensor square = torch.ones(700, 700);
            square.mm(square);
        }
    }
}
