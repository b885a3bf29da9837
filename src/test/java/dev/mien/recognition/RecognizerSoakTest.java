package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.ChildJvm;
import dev.mien.internal.ResidentMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One recognizer for a long time: minutes, so {@code make soak} runs it and CI does not. */
@Tag("soak")
class RecognizerSoakTest {

    private static final int WARM = 500;
    private static final int FILES = 3000;
    private static final double SLACK = 0.05;

    @TempDir
    Path folder;

    @Test
    void sixteenThreadsAgreeForFiveMinutesInTheSameMemory() throws Exception {
        // A heap that is resident from the start, so that what grows is native.
        ChildJvm.Outcome outcome = new ChildJvm(SixteenThreads.class)
                .option("-Xms512m")
                .option("-Xmx512m")
                .option("-XX:+AlwaysPreTouch")
                .limit(900)
                .run();
        System.out.print(outcome.output());
        assertEquals(0, outcome.exit());
    }

    /** Recognises pictures by threads that share a recognizer; exits with 1 if an answer or the memory is not the same. */
    static final class SixteenThreads {

        private static final int THREADS = 16;
        private static final int MINUTES = 5;

        private SixteenThreads() {}

        /** Takes no arguments. */
        public static void main(String[] arguments) throws Exception {
            Path folder = Files.createTempDirectory("soak");
            try {
                Path model = TestPictures.model(folder.resolve("M.safetensors"));
                List<CompletableFuture<Long>> minutes = IntStream.range(0, MINUTES)
                        .mapToObj(minute -> bytesAfter(60 * minute + 55))
                        .toList();
                long count = SharedRecognizer.check(model, THREADS, TimeUnit.MINUTES.toMillis(MINUTES));
                System.out.printf("%d threads: %d pictures, every answer that of one thread; MB", THREADS, count);
                for (CompletableFuture<Long> minute : minutes) {
                    System.out.printf(" %.1f", minute.get() / 1e6);
                }
                System.out.println(" after each minute");
                // In the first minute each thread's allocator fills its pools.
                boolean flat = minutes.get(MINUTES - 1).get() <= minutes.get(1).get() * (1 + SLACK);
                System.exit(flat ? 0 : 1);
            } finally {
                ChildJvm.deleteTree(folder);
            }
        }

        private static CompletableFuture<Long> bytesAfter(int seconds) {
            return CompletableFuture.supplyAsync(
                    ResidentMemory::bytes, CompletableFuture.delayedExecutor(seconds, TimeUnit.SECONDS));
        }
    }

    @Test
    void aStreamOfFilesTakesConstantMemory() throws IOException {
        Path model = TestPictures.model(folder.resolve("M.safetensors"));
        List<Path> files =
                IntStream.range(0, 8).mapToObj(i -> folder.resolve(i + ".jpg")).collect(Collectors.toList());
        for (int i = 0; i < files.size(); i++) {
            ImageIO.write(TestPictures.scenes(8, 6).get(i), "jpg", files.get(i).toFile());
        }
        long[] bytes = new long[2];
        int[] count = new int[1];
        try (ExpressionRecognizer recognizer = ExpressionRecognizer.open(model)) {
            List<Path> stream = Collections.nCopies(FILES / files.size(), files).stream()
                    .flatMap(List::stream)
                    .toList();
            recognizer.recognizeEach(stream.iterator(), 2, faces -> {
                count[0]++;
                if (count[0] == WARM) {
                    bytes[0] = ResidentMemory.bytes();
                }
            });
            bytes[1] = ResidentMemory.bytes();
        }
        System.out.printf(
                "resident memory: %.1f MB after %d pictures, %.1f MB after %d%n",
                bytes[0] / 1e6, WARM, bytes[1] / 1e6, count[0]);
        assertTrue(bytes[1] <= bytes[0] * (1 + SLACK), () -> bytes[0] + " bytes grew to " + bytes[1]);
    }
}
