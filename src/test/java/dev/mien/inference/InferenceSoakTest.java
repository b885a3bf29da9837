package dev.mien.inference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.backbones.BundledModel;
import dev.mien.backbones.Precision;
import dev.mien.internal.ResidentMemory;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A million predictions into kept arrays: minutes, so {@code make soak} runs it and CI does not. They leave no garbage,
 * which would let the heap grow to its limit.
 */
@Tag("soak")
class InferenceSoakTest {

    private static final int PREDICTIONS = 1_000_000;
    private static final int WARM = 20_000;
    private static final double SLACK = 0.03;

    @Test
    void aMillionPredictionsEndWithTheMemoryOfTwentyThousand() throws IOException {
        try (InferenceNetwork network = InferenceNetwork.open(BundledModel.file(), Precision.FLOAT32, 1, 1)) {
            float[] face = new float[network.channels() * network.inputSize() * network.inputSize()];
            Random random = new Random(1);
            for (int i = 0; i < face.length; i++) {
                face[i] = random.nextFloat();
            }
            FloatBuffer pixels = FloatBuffer.wrap(face);
            float[] features = new float[network.featureCount()];
            float[] logits = new float[network.classCount()];
            float[] first = network.run(face, 1).logits();
            long early = 0;
            for (int i = 1; i <= PREDICTIONS; i++) {
                network.run(pixels.rewind(), 1, features, logits);
                if (i == WARM) {
                    early = ResidentMemory.bytes();
                } else if (i % WARM == 0) {
                    assertArrayEquals(first, logits);
                }
            }
            long late = ResidentMemory.bytes();
            System.out.printf(
                    "resident memory: %.1f MB after %d predictions, %.1f MB after %d%n",
                    early / 1e6, WARM, late / 1e6, PREDICTIONS);
            assertTrue(late <= early * (1 + SLACK), early + " bytes grew to " + late);
        }
    }
}
