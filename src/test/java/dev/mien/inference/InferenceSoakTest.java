package dev.mien.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mien.backbones.BundledModel;
import dev.mien.backbones.Precision;
import dev.mien.internal.ChildJvm;
import dev.mien.internal.ResidentMemory;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A million predictions: minutes, so {@code make soak} runs it and CI does not. */
@Tag("soak")
class InferenceSoakTest {

    private static final int HALF_AN_HOUR = 1800;

    @Test
    void aMillionPredictionsEndWithTheMemoryOfTwentyThousand() throws Exception {
        // A heap that is resident from the start, so that what grows is native.
        ChildJvm.Outcome outcome = new ChildJvm(Predictions.class)
                .option("-Xms64m")
                .option("-Xmx64m")
                .option("-XX:+AlwaysPreTouch")
                .limit(HALF_AN_HOUR)
                .run();
        assertEquals(0, outcome.exit(), outcome.output());
        System.out.print(outcome.output());
    }

    /** Predicts for one face again and again; exits with 1 if an answer changes or the resident memory grew. */
    static final class Predictions {

        private static final int COUNT = 1_000_000;
        private static final int WARM = 20_000;

        /** Code that the JVM compiles and allocators' slack: 16 bytes a prediction. */
        private static final long SLACK = 16L << 20;

        private Predictions() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) throws IOException {
            try (InferenceNetwork network = InferenceNetwork.open(BundledModel.file(), Precision.FLOAT32, 1, 1)) {
                float[] face = new float[network.channels() * network.inputSize() * network.inputSize()];
                Random random = new Random(1);
                for (int i = 0; i < face.length; i++) {
                    face[i] = random.nextFloat();
                }
                float[] first = network.run(face, 1).logits();
                long before = 0;
                boolean same = true;
                for (int i = 1; i <= COUNT; i++) {
                    same &= Arrays.equals(first, network.run(face, 1).logits());
                    before = i == WARM ? ResidentMemory.bytes() : before;
                }
                long grown = ResidentMemory.bytes() - before;
                System.out.printf(
                        "%d predictions, %s: resident memory grew by %.1f MB after %d%n",
                        COUNT, same ? "all alike" : "NOT ALIKE", grown / 1e6, WARM);
                System.exit(same && grown < SLACK ? 0 : 1);
            }
        }
    }
}
