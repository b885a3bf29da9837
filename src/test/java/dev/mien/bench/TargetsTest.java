package dev.mien.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {

    @Test
    void everyFigureIsMeasured() {
        List<Target> targets = Targets.measure(128, 512, 2, 0.01, Progress.NONE);
        assertTrue(targets.stream().allMatch(target -> target.measured() >= 0), targets::toString);
        assertEquals(1, count(targets, "time against the bare sgemm"));
        assertEquals(1, count(targets, "loss + gradient against batch-hard"));
        assertEquals(1, count(targets, "peak extra memory"));
        assertEquals(6, count(targets, "share of the FMA peak"));
        assertEquals(23, count(targets, "LibTorch, whole matrices"));
        assertTrue(Target.markdown(targets).lines().skip(2).allMatch(line -> line.matches("(\\|[^|]+){7}\\|")));
    }

    private static long count(List<Target> targets, String figure) {
        return targets.stream().filter(target -> target.figure().equals(figure)).count();
    }
}
