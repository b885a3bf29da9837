package dev.mien.recognition;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * A picture turned about its centre so that heads which lean clockwise by some degrees are upright, on a canvas that
 * holds all of it; its borders go on into the corners.
 */
record Turn(int width, int height, int degrees) {

    Mat apply(Mat grey) {
        if (degrees == 0) {
            return grey;
        }
        double dx = canvasWidth() / 2.0 - cos() * width / 2 - sin() * height / 2;
        double dy = canvasHeight() / 2.0 + sin() * width / 2 - cos() * height / 2;
        Mat map = new Mat(2, 3, opencv_core.CV_64F, new DoublePointer(cos(), sin(), dx, -sin(), cos(), dy));
        Mat turned = new Mat();
        opencv_imgproc.warpAffine(
                grey,
                turned,
                map,
                new Size(canvasWidth(), canvasHeight()),
                opencv_imgproc.INTER_LINEAR,
                opencv_core.BORDER_REPLICATE,
                new Scalar());
        return turned;
    }

    /** The upright box in the picture, with the centre and the size of a box in the turned one. */
    FaceBox back(FaceBox box) {
        if (degrees == 0) {
            return box;
        }
        double x = box.x() + (box.width() - canvasWidth()) / 2.0;
        double y = box.y() + (box.height() - canvasHeight()) / 2.0;
        double left = cos() * x - sin() * y + (width - box.width()) / 2.0;
        double top = sin() * x + cos() * y + (height - box.height()) / 2.0;
        return new FaceBox((int) Math.round(left), (int) Math.round(top), box.width(), box.height());
    }

    private int canvasWidth() {
        return (int) Math.ceil(width * cos() + height * Math.abs(sin()));
    }

    private int canvasHeight() {
        return (int) Math.ceil(width * Math.abs(sin()) + height * cos());
    }

    private double cos() {
        return Math.cos(Math.toRadians(degrees));
    }

    private double sin() {
        return Math.sin(Math.toRadians(degrees));
    }
}
