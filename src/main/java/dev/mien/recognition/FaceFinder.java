package dev.mien.recognition;

import java.util.List;
import org.bytedeco.opencv.opencv_core.Mat;

/** One detector of OpenCV's. Not thread-safe: {@link FaceDetector} keeps one for every thread at work. */
interface FaceFinder extends AutoCloseable {

    /**
     * Finds faces.
     *
     * @param grey (height, width) uint8
     */
    List<Detection> find(Mat grey);

    @Override
    void close();
}
