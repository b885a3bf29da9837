package dev.mien.miners;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mining from Java memory in a JVM of its own: a small heap is enough, and LibTorch is never touched. */
class MiningFootprintTest {

    /** The float64 distances of all pairs would take 288 MB. */
    private static final int ROWS = 6000;

    @ParameterizedTest
    @ValueSource(strings = {"native", "torch"})
    void noMatrixIsStoredAndLibTorchStaysUnloaded(String kernels) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx56m",
                        "-Xlog:class+load",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Mine.class.getName())
                .redirectErrorStream(true);
        builder.environment().put("MIEN_KERNELS", kernels);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output.substring(Math.max(0, output.length() - 2000)));
        assertFalse(output.contains("org.bytedeco.pytorch.global.torch "), "LibTorch's bindings were initialised");
    }

    /** Mines and exits with 0 when every row became an anchor. */
    static final class Mine {
        private Mine() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) {
            Random random = new Random(1);
            float[] values = new float[2 * ROWS];
            for (int i = 0; i < values.length; i++) {
                values[i] = random.nextFloat();
            }
            Miner miner = new BatchHardMiner(Distance.EUCLIDEAN, 0.2);
            long[] labels = new long[ROWS];
            Arrays.fill(labels, 0, 50, 1); // few negatives for most rows: little to sort
            int triplets = miner.mine(new FloatMatrix(values, ROWS, 2), labels, 0)
                    .triplets()
                    .size();
            System.exit(triplets == ROWS ? 0 : 1);
        }
    }
}
