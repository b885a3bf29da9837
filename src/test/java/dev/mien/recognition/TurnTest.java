package dev.mien.recognition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.mien.internal.OpenCv;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Moments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TurnTest {

    private static final int WIDTH = 301;
    private static final int HEIGHT = 140;
    private static final FaceBox SPOT = new FaceBox(220, 30, 20, 20);

    /** The spot's centre in the turned picture, as OpenCV sees it, goes back to where it was. */
    @ParameterizedTest
    @ValueSource(ints = {-90, -30, -18, 0, 18, 45})
    void whatIsFoundInATurnedPictureIsWhereItWas(int degrees) {
        OpenCv.load();
        try (PointerScope scope = new PointerScope()) {
            Turn turn = new Turn(WIDTH, HEIGHT, degrees);
            Moments moments = opencv_imgproc.moments(turn.apply(picture()));
            FaceBox seen = new FaceBox(
                    (int) Math.round(moments.m10() / moments.m00() - 9.5),
                    (int) Math.round(moments.m01() / moments.m00() - 9.5),
                    20,
                    20);
            FaceBox back = turn.back(seen);
            assertEquals(SPOT.x(), back.x(), 1.5);
            assertEquals(SPOT.y(), back.y(), 1.5);
            assertEquals(20, back.width());
        }
    }

    /** A mark above the spot's centre moves to its right when the picture turns clockwise by a quarter. */
    @Test
    void headsThatLeanCounterclockwiseAreTurnedClockwise() {
        OpenCv.load();
        try (PointerScope scope = new PointerScope()) {
            Mat turned = new Turn(WIDTH, HEIGHT, -90).apply(picture());
            assertEquals(HEIGHT, turned.cols(), 1);
            assertEquals(WIDTH, turned.rows(), 1);
            Moments moments = opencv_imgproc.moments(turned);
            assertTrue(moments.m10() / moments.m00() > HEIGHT / 2.0, "the top of the picture is on the right");
        }
    }

    @Test
    void noTurnIsThePictureItself() {
        OpenCv.load();
        try (PointerScope scope = new PointerScope()) {
            Mat picture = picture();
            assertSame(picture, new Turn(WIDTH, HEIGHT, 0).apply(picture));
        }
    }

    /** Black, but for a white spot. */
    private static Mat picture() {
        byte[] pixels = new byte[WIDTH * HEIGHT];
        for (int y = SPOT.y(); y < SPOT.y() + SPOT.height(); y++) {
            for (int x = SPOT.x(); x < SPOT.x() + SPOT.width(); x++) {
                pixels[y * WIDTH + x] = (byte) 255;
            }
        }
        return new Mat(HEIGHT, WIDTH, opencv_core.CV_8UC1, new BytePointer(pixels), WIDTH);
    }
}
