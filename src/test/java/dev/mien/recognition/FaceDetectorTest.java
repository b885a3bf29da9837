package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.data.FaceImages;
import dev.mien.data.RealData;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaceDetectorTest {

    private static final int SCENES = 120;

    @TempDir
    Path folder;

    /** How many faces were found, with an intersection of at least half of the union, and how much else. */
    private static final class Tally {
        private int faces;
        private int found;
        private int others;

        private void add(List<Rectangle> expected, List<Detection> detections) {
            List<Rectangle> left = new ArrayList<>();
            detections.forEach(detection -> left.add(rectangle(detection.box())));
            for (Rectangle face : expected) {
                faces++;
                if (left.removeIf(box -> ComposedScenes.overlap(face, box) >= 0.5)) {
                    found++;
                }
            }
            others += left.size();
        }

        private double share() {
            return (double) found / faces;
        }
    }

    private static Rectangle rectangle(FaceBox box) {
        return new Rectangle(box.x(), box.y(), box.width(), box.height());
    }

    /** Faces of the test split, which the detector's settings were not chosen on. */
    @Test
    void findsFer2013sFacesInLargerPictures() throws IOException {
        FaceImages faces = RealData.dataset().test();
        try (FaceDetector thorough = FaceDetector.haar();
                FaceDetector fast = FaceDetector.fastHaar()) {
            Tally tally = tally("haar", thorough, new ComposedScenes(faces, 101));
            assertTrue(tally.share() >= 0.8, "found only " + tally.share() + " of the faces");
            assertTrue(tally.others <= SCENES / 3, tally.others + " boxes are no faces");
            assertTrue(tally("fast haar", fast, new ComposedScenes(faces, 101)).share() >= 0.6);
        }
    }

    private static Tally tally(String name, FaceDetector detector, ComposedScenes scenes) {
        Tally tally = new Tally();
        long nanos = 0;
        for (int i = 0; i < SCENES; i++) {
            ComposedScenes.Scene scene = scenes.next();
            long started = System.nanoTime();
            List<Detection> found = detector.detect(scene.image());
            nanos += System.nanoTime() - started;
            tally.add(scene.faces(), found);
        }
        System.out.printf(
                "%s: found %.1f %% of %d faces in %d pictures, and %d boxes that are none; %.0f ms a picture%n",
                name, 100 * tally.share(), tally.faces, SCENES, tally.others, nanos / 1e6 / SCENES);
        return tally;
    }

    @Test
    void largePicturesAreSearchedSmallerAndAnsweredInTheirOwnPixels() {
        BufferedImage small = TestPictures.twoFaces();
        BufferedImage large = new BufferedImage(4000, 3000, BufferedImage.TYPE_BYTE_GRAY);
        large.createGraphics().drawImage(small, 0, 0, 4000, 3000, null);
        try (FaceDetector detector = FaceDetector.haar()) {
            List<Detection> found = detector.detect(large);
            for (Rectangle place : TestPictures.twoPlaces()) {
                Rectangle ten = new Rectangle(place.x * 10, place.y * 10, place.width * 10, place.height * 10);
                assertTrue(
                        found.stream().anyMatch(face -> ComposedScenes.overlap(ten, rectangle(face.box())) >= 0.5),
                        found.toString());
            }
        }
    }

    /** Through OpenCV, with a network of YuNet's shape whose answers are known. */
    @Test
    void yuNetsFacesAreFramedAroundTheirEyes() throws IOException {
        float[] points = {-1, -1, 1, -1, 0, 0, -1, 1, 1, 1}; // eyes two cells apart, a cell above the centre
        Path model =
                Files.write(folder.resolve("yunet.onnx"), YuNetModel.write(new float[] {0.5f, 0.5f, 1, 1}, points));
        BufferedImage image = new BufferedImage(1280, 960, BufferedImage.TYPE_BYTE_GRAY);
        java.awt.Graphics2D graphics = image.createGraphics();
        graphics.setColor(java.awt.Color.WHITE);
        graphics.fillRect(160, 320, 16, 16); // one cell of 8 x 8 pixels at half the size: column 10, row 20
        graphics.dispose();
        try (FaceDetector detector = FaceDetector.yunet(model)) {
            List<Detection> found = detector.detect(image);
            assertEquals(1, found.size(), found.toString());
            FaceBox box = found.get(0).box();
            assertEquals(1, found.get(0).score(), 0.01);
            assertEquals(YuNetFinder.SIDE * 32, box.width(), 2, "eyes are 32 pixels apart");
            assertEquals(160, box.x() + box.width() / 2.0, 2);
            assertEquals(304, box.y() + YuNetFinder.EYES_DOWN * box.height(), 2);
            assertEquals(List.of(), detector.detect(new BufferedImage(50, 30, BufferedImage.TYPE_BYTE_GRAY)));
        }
    }

    @Test
    void whatIsNoYuNetIsNamed() throws IOException {
        Path absent = folder.resolve("absent.onnx");
        assertThrows(NoSuchFileException.class, () -> FaceDetector.yunet(absent));
        Path wrong = Files.writeString(folder.resolve("wrong.onnx"), "no network");
        String message =
                assertThrows(IOException.class, () -> FaceDetector.yunet(wrong)).getMessage();
        assertEquals(wrong + ": not a YuNet network that OpenCV can use", message);
    }
}
