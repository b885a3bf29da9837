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

/**
 * OpenCV's cascades of Haar features, one after the other; a later one adds what the earlier ones missed. Their boxes
 * as they are have FER2013's framing. Equalising the histogram first finds fewer faces, not more.
 */
final class HaarFinder implements FaceFinder {

    /** Longer side of the picture that is searched, in pixels. */
    static final int LONGEST_SIDE = 800;

    /** Side of the smallest face, in pixels. */
    static final int SMALLEST = 32;

    /** Windows of a face whose score is a half. */
    static final int HALF = 6;

    /** Found 88 of 108 of FER2013's faces in 60 composed pictures, and 25 boxes that are none. */
    static final List<Pass> THOROUGH = List.of(
            new Pass("haarcascade_frontalface_alt2", 1.05, 3), new Pass("haarcascade_frontalface_default", 1.05, 4));

    /** Found 83 of the same faces, and 9 boxes that are none, in half the time. */
    static final List<Pass> FAST = List.of(new Pass("haarcascade_frontalface_alt2", 1.1, 3));

    private static final double SAME_FACE = 0.5;

    private final List<Pass> passes;
    private final List<CascadeClassifier> cascades = new ArrayList<>();

    /**
     * One search.
     *
     * @param cascade OpenCV's name of it
     * @param step from one size of face to the next
     * @param leastWindows that must have been taken for the same face
     */
    record Pass(String cascade, double step, int leastWindows) {}

    HaarFinder(List<Pass> passes) {
        this.passes = passes;
        for (Pass pass : passes) {
            CascadeClassifier cascade =
                    new CascadeClassifier(OpenCv.cascade(pass.cascade).getPath());
            if (cascade.empty()) {
                throw new IllegalStateException("OpenCV cannot read its cascade " + pass.cascade);
            }
            cascade.retainReference();
            cascades.add(cascade);
        }
    }

    @Override
    public List<Detection> find(Mat grey) {
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            List<Detection> earlier = List.copyOf(found);
            for (Detection face : find(grey, passes.get(i), cascades.get(i))) {
                if (earlier.stream().noneMatch(other -> same(face.box(), other.box()))) {
                    found.add(face);
                }
            }
        }
        return found;
    }

    private static List<Detection> find(Mat grey, Pass pass, CascadeClassifier cascade) {
        RectVector boxes = new RectVector();
        IntPointer windows = new IntPointer();
        Size smallest = new Size(SMALLEST, SMALLEST);
        cascade.detectMultiScale2(grey, boxes, windows, pass.step, pass.leastWindows, 0, smallest, new Size());
        List<Detection> found = new ArrayList<>();
        for (int i = 0; i < boxes.size(); i++) {
            Rect box = boxes.get(i);
            double n = windows.get(i);
            found.add(new Detection(new FaceBox(box.x(), box.y(), box.width(), box.height()), n / (n + HALF)));
        }
        return found;
    }

    /** Whether the smaller box lies within the other by half. */
    private static boolean same(FaceBox a, FaceBox b) {
        double width = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
        double height = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
        double smaller = Math.min((double) a.width() * a.height(), (double) b.width() * b.height());
        return width > 0 && height > 0 && width * height > SAME_FACE * smaller;
    }

    @Override
    public void close() {
        cascades.forEach(CascadeClassifier::close);
    }
}
