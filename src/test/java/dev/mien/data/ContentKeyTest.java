package dev.mien.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentKeyTest {

    private static final FaceImages FACES = SchematicFaces.generate(100, 1).train();

    @TempDir
    Path folder;

    @Test
    void everyInputCounts() throws IOException {
        Path file = Files.writeString(folder.resolve("weights"), "a");
        float[] values = new float[40_000]; // more than one chunk
        values[39_999] = 1;
        byte[] pixels = FACES.pixels().clone();
        pixels[7]++;
        FaceImages touched = new FaceImages(pixels, FACES.height(), FACES.width(), FACES.labels(), FACES.names());
        Set<String> keys = new HashSet<>();
        assertTrue(keys.add(new ContentKey().hex()));
        assertTrue(keys.add(new ContentKey().add("rate 0.1").hex()));
        assertTrue(keys.add(new ContentKey().add("rate ").add("0.1").hex()), "two blocks are not one");
        assertTrue(keys.add(new ContentKey().add(FACES).hex()));
        assertTrue(keys.add(new ContentKey().add(touched).hex()), "a pixel");
        assertTrue(keys.add(new ContentKey().add(new int[] {1, 2}).hex()));
        assertTrue(keys.add(new ContentKey().add(new int[] {2, 1}).hex()));
        assertTrue(
                keys.add(new ContentKey().add(new FloatMatrix(values, 400, 100)).hex()));
        assertTrue(
                keys.add(new ContentKey()
                        .add(new FloatMatrix(new float[40_000], 400, 100))
                        .hex()),
                "the last value");
        assertTrue(keys.add(new ContentKey().add(file).hex()));
        Files.writeString(file, "b");
        assertTrue(keys.add(new ContentKey().add(file).hex()), "a byte of a file");
        assertTrue(keys.add(new ContentKey().add((Path) null).hex()));
        assertEquals(
                new ContentKey().add(FACES).hex(), new ContentKey().add(FACES).hex());
    }
}
