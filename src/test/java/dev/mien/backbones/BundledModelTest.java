package dev.mien.backbones;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundledModelTest {

    @TempDir
    Path folder;

    @Test
    void anotherFileIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("m"), "abc"); // FIPS 180-2, appendix B.1
        String sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  m\n";
        assertDoesNotThrow(() -> BundledModel.requireIntact(file, sum));
        Files.writeString(file, "abd");
        IOException e = assertThrows(IOException.class, () -> BundledModel.requireIntact(file, sum));
        assertTrue(e.getMessage().startsWith(file + ": is not the bundled model"), e.getMessage());
    }
}
