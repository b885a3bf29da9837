package dev.mien.internal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;
import org.junit.jupiter.api.Test;

class OpenCvTest {

    /** OpenCV's module for windows needs GTK, without which nothing would load. */
    @Test
    void needsNoGtk() throws IOException {
        OpenCv.load();
        try (CascadeClassifier cascade = new CascadeClassifier()) {
            assertTrue(cascade.empty());
        }
        String maps = Files.readString(Path.of("/proc/self/maps"));
        assertTrue(maps.contains("libopencv_objdetect"), "OpenCV is not loaded");
        assertFalse(maps.contains("highgui"), "the module for windows is loaded");
        assertFalse(maps.contains("libgtk"), "GTK is loaded");
    }
}
