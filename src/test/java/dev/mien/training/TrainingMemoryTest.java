package dev.mien.training;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.Compact;
import dev.mien.data.Dataset;
import dev.mien.data.SchematicFaces;
import dev.mien.internal.ResidentMemory;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Resident memory over 2,000 training steps, mining included: minutes, so {@code make soak} runs it and CI does not. */
@Tag("soak")
class TrainingMemoryTest {

    private static final int WARM = 200;
    private static final int STEPS = 2000;
    private static final double SLACK = 0.03;
    private static final RuntimeException ENOUGH = new RuntimeException("enough steps");

    private long steps;
    private long warmBytes;
    private long finalBytes;

    @Test
    void twoThousandStepsEndWithTheMemoryOfTwoHundred() throws IOException {
        Dataset faces = SchematicFaces.generate(800, 3);
        TrainingSettings settings = TrainingSettings.quick(LossKind.JOINT).withEpochs(100_000);
        try (Backbone backbone = new Compact(1)) {
            new Trainer(settings, null, this::count).fit(backbone, faces.train(), faces.validation(), false);
        } catch (RuntimeException e) {
            if (e != ENOUGH) {
                throw e;
            }
        }
        System.out.printf(
                "resident memory: %.1f MB after %d steps, %.1f MB after %d%n",
                warmBytes / 1e6, WARM, finalBytes / 1e6, STEPS);
        assertTrue(finalBytes <= warmBytes * (1 + SLACK), () -> warmBytes + " bytes grew to " + finalBytes);
    }

    private void count(String task, long done, long total) {
        if (!task.startsWith("train")) {
            return;
        }
        steps++;
        if (steps == WARM) {
            warmBytes = ResidentMemory.bytes();
        } else if (steps == STEPS) {
            finalBytes = ResidentMemory.bytes();
            throw ENOUGH;
        }
    }
}
