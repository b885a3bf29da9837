package dev.mien.recognition;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.FaceDetectorYN;

/** OpenCV's YuNet. Its own box is tighter than FER2013's framing, so the box is built around the eyes. */
final class YuNetFinder implements FaceFinder {

    /** Longer side of the picture that is searched, in pixels: YuNet finds faces of 10 to 300. */
    static final int LONGEST_SIDE = 640;

    private static final float LEAST_SCORE = 0.6f;
    private static final float OVERLAP = 0.3f;
    private static final int MOST = 5000;

    /** Columns of a row of its answer: box, five points (right eye, left eye, nose, mouth corners), score. */
    private static final int COLUMNS = 15;

    /** Side of FER2013's crop over the distance of the eyes: the median of 400 of its training faces. */
    static final double SIDE = 2.66;

    /** How far down the crop their middle lies, of the same faces. */
    static final double EYES_DOWN = 0.384;

    private final FaceDetectorYN network;

    YuNetFinder(Path model) {
        network = FaceDetectorYN.create(model.toString(), "", new Size(320, 320), LEAST_SCORE, OVERLAP, MOST, 0, 0);
        network.retainReference();
    }

    @Override
    public List<Detection> find(Mat grey) {
        Mat colours = new Mat();
        opencv_imgproc.cvtColor(grey, colours, opencv_imgproc.COLOR_GRAY2BGR);
        network.setInputSize(new Size(grey.cols(), grey.rows()));
        Mat faces = new Mat();
        network.detect(colours, faces);
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < faces.rows(); i++) {
            float[] row = new float[COLUMNS];
            new FloatPointer(faces.ptr(i)).get(row);
            found.add(new Detection(framed(row), row[COLUMNS - 1]));
        }
        return found;
    }

    private static FaceBox framed(float[] row) {
        double middleX = (row[4] + row[6]) / 2.0;
        double middleY = (row[5] + row[7]) / 2.0;
        double side = Math.max(1, SIDE * Math.hypot(row[6] - row[4], row[7] - row[5]));
        return new FaceBox(
                (int) Math.round(middleX - side / 2),
                (int) Math.round(middleY - EYES_DOWN * side),
                (int) Math.round(side),
                (int) Math.round(side));
    }

    @Override
    public void close() {
        network.close();
    }
}
