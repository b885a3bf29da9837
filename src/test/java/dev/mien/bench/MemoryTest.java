package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

class MemoryTest {

    static {
        NativeRuntime.load();
    }

    @Test
    void seesMemoryThatIsFreedAgain() {
        long floats = 25 << 20;
        long risen = Memory.peakRise(() -> torch.ones(floats).close());
        assertTrue(risen >= 3.9 * floats && risen < 6 * floats, "risen by " + risen);
    }

    @Test
    void knowsWhatFits() {
        assertTrue(Memory.fits(1 << 20));
        assertFalse(Memory.fits(Long.MAX_VALUE));
    }
}
