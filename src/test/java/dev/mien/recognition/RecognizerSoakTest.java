package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.ResidentMemory;
import java.io.IOException;
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

    private static final int THREADS = 16;
    private static final long FIVE_MINUTES = 300_000;
    private static final int WARM = 500;
    private static final int FILES = 3000;
    private static final double SLACK = 0.05;

    @TempDir
    Path folder;

    @Test
    void sixteenThreadsAgreeForFiveMinutesInTheSameMemory() throws Exception {
        Path model = TestPictures.model(folder.resolve("M.safetensors"));
        CompletableFuture<Long> early = bytesAfter(FIVE_MINUTES / 5);
        CompletableFuture<Long> late = bytesAfter(FIVE_MINUTES * 24 / 25);
        long count = SharedRecognizer.check(model, THREADS, FIVE_MINUTES);
        System.out.printf(
                "%d threads recognised %d pictures, every answer that of one thread; %.1f MB after one minute, %.1f at the"
                        + " end%n",
                THREADS, count, early.get() / 1e6, late.get() / 1e6);
        assertTrue(late.get() <= early.get() * (1 + SLACK), early.get() + " bytes grew to " + late.get());
    }

    private static CompletableFuture<Long> bytesAfter(long millis) {
        // Beyond the heap, which grows towards its limit as pictures come and go.
        return CompletableFuture.supplyAsync(
                () -> ResidentMemory.bytes() - Runtime.getRuntime().totalMemory(),
                CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
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
