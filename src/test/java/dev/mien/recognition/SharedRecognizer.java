package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that share one recognizer must get, bit for bit, what one thread alone gets. */
final class SharedRecognizer {

    private SharedRecognizer() {}

    /** Runs for some time; returns the number of pictures that were recognised. */
    static long check(Path model, int threads, long millis) throws Exception {
        List<BufferedImage> images = TestPictures.scenes(8, 6);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try (ExpressionRecognizer recognizer =
                ExpressionRecognizer.builder().model(model).embeddings(true).build()) {
            List<List<Face>> alone = images.stream().map(recognizer::recognize).toList();
            assertTrue(alone.stream().mapToInt(List::size).sum() > 8, "too few faces to tell anything");
            long end = System.currentTimeMillis() + millis;
            List<Future<Long>> calls = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int first = i;
                calls.add(pool.submit(() -> {
                    long count = 0;
                    while (count == 0 || System.currentTimeMillis() < end) {
                        int which = (int) ((first + count++) % images.size());
                        assertEquals(alone.get(which), recognizer.recognize(images.get(which)));
                    }
                    return count;
                }));
            }
            long total = 0;
            for (Future<Long> call : calls) {
                total += call.get();
            }
            return total;
        } finally {
            pool.shutdownNow();
        }
    }
}
