package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class TargetTest {

    @Test
    void verdictsLookTheRightWay() {
        assertEquals("missed", Target.atLeast("f", "o", 4.4, "x", 4.5, 6).verdict());
        assertEquals("reached", Target.atLeast("f", "o", 4.5, "x", 4.5, 6).verdict());
        assertEquals("aim reached", Target.atLeast("f", "o", 7, "x", 4.5, 6).verdict());
        assertEquals("missed", Target.atMost("f", "o", 0.7, "x", 0.6, 0.45).verdict());
        assertEquals("reached", Target.atMost("f", "o", 0.5, "x", 0.6, 0.45).verdict());
        assertEquals("aim reached", Target.atMost("f", "o", 0.4, "x", 0.6, 0.45).verdict());
        assertEquals(
                "-", Target.atLeast("f", "o", 2, "x", Double.NaN, Double.NaN).verdict());
    }

    @Test
    void theTableIsMarkdown() {
        String table = Target.markdown(List.of(
                Target.atMost("memory", "batch-hard", 40, "MB", 256, 64).with("first run"),
                Target.atLeast("LibTorch, in blocks", "batch-hard", 2.345, "x", Double.NaN, Double.NaN)));
        List<String> lines = table.lines().toList();
        assertEquals("| memory | batch-hard | 40.0 MB | 256.0 MB | 64.0 MB | aim reached | first run |", lines.get(2));
        assertEquals("| LibTorch, in blocks | batch-hard | 2.35x | - | - | - |  |", lines.get(3));
        assertTrue(lines.get(0).contains("at least"), table);
    }
}
