package dev.mien.recognition;

import dev.mien.internal.OpenCv;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/** OpenCV's cascade of Haar features. Its box as it is has FER2013's framing. */
final class HaarFinder implements FaceFinder {

    /** Longer side of the picture that is searched, in pixels. */
    static final int LONGEST_SIDE = 1280;

    /** Side of the smallest face, in pixels. */
    static final int SMALLEST = 32;

    /** Windows of a face whose score is a half. */
    static final int HALF = 6;

    private static final String CASCADE = "haarcascade_frontalface_alt2";
    private static final double SCALE_STEP = 1.05;
    private static final int LEAST_WINDOWS = 3;

    private final CascadeClassifier cascade;

    HaarFinder() {
        cascade = new CascadeClassifier(OpenCv.cascade(CASCADE).getPath());
        if (cascade.empty()) {
            throw new IllegalStateException("OpenCV cannot read its cascade " + CASCADE);
        }
        cascade.retainReference();
    }

    @Override
    public List<Detection> find(Mat grey) {
        RectVector boxes = new RectVector();
        IntPointer windows = new IntPointer();
        cascade.detectMultiScale2(
                grey, boxes, windows, SCALE_STEP, LEAST_WINDOWS, 0, new Size(SMALLEST, SMALLEST), new Size());
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            Rect box = boxes.get(i);
            double n = windows.get(i);
            found.add(new Detection(new FaceBox(box.x(), box.y(), box.width(), box.height()), n / (n + HALF)));
        }
        return found;
    }

    @Override
    public void close() {
        cascade.close();
    }
}
