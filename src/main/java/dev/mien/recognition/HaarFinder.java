package dev.mien.recognition;

import dev.mien.internal.OpenCv;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_objdetect;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Rect;
import org.bytedeco.opencv.opencv_core.RectVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.CascadeClassifier;

/**
 * OpenCV's cascades of Haar features. The windows that any of them takes for a face, in the picture as it is or turned,
 * are grouped by place and size, and a group of enough windows is a face; of groups that overlap, the one of most windows.
 * Their boxes as they are have FER2013's framing. Equalising the histogram first finds fewer faces, not more.
 */
final class HaarFinder implements FaceFinder {

    /** Longer side of the picture that is searched, in pixels. */
    static final int LONGEST_SIDE = 800;

    /** Side of the smallest face, in pixels. */
    static final int SMALLEST = 32;

    /** Windows of a face whose score is a half. */
    static final int HALF = 6;

    private static final String ALT2 = "haarcascade_frontalface_alt2";
    private static final String DEFAULT = "haarcascade_frontalface_default";

    /** Degrees. Cascades lose a head that leans by more than some 15. */
    private static final int TILT = 18;

    private static final double STEP = 1.1; // from one size of window to the next
    private static final double EPSILON = 0.2; // how far windows of one group may lie apart, over their side
    private static final double SAME_FACE = 0.5;

    private final List<Pass> passes;
    private final int leastWindows;
    private final Map<String, CascadeClassifier> cascades = new HashMap<>(); // by name

    /**
     * One search.
     *
     * @param cascade OpenCV's name of it
     * @param tilt degrees, clockwise, by which the heads looked for lean
     */
    record Pass(String cascade, int tilt) {}

    HaarFinder(List<Pass> passes, int leastWindows) {
        this.passes = passes;
        this.leastWindows = leastWindows;
        passes.forEach(pass -> cascades.computeIfAbsent(pass.cascade, HaarFinder::open));
    }

    /**
     * Two cascades, one of them for leaning heads, too. Of 135 of FER2013's validation faces in 60 composed pictures it
     * found 74 %, and 13 boxes that are none; the two cascades one after the other, without turns, 66 % and 22.
     */
    static HaarFinder thorough() {
        List<Pass> passes =
                List.of(new Pass(ALT2, 0), new Pass(DEFAULT, 0), new Pass(ALT2, TILT), new Pass(ALT2, -TILT));
        return new HaarFinder(passes, 5);
    }

    /** The first search alone. */
    static HaarFinder fast() {
        return new HaarFinder(List.of(new Pass(ALT2, 0)), 3);
    }

    private static CascadeClassifier open(String name) {
        CascadeClassifier cascade = new CascadeClassifier(OpenCv.cascade(name).getPath());
        if (cascade.empty()) {
            throw new IllegalStateException("OpenCV cannot read its cascade " + name);
        }
        return cascade.retainReference();
    }

    @Override
    public List<Detection> find(Mat grey) {
        RectVector windows = new RectVector();
        passes.forEach(pass -> addWindows(grey, pass, windows));
        IntPointer counts = new IntPointer();
        opencv_objdetect.groupRectangles(windows, counts, leastWindows, EPSILON);
        List<Detection> groups = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            double n = counts.get(i);
            groups.add(new Detection(box(windows.get(i)), n / (n + HALF)));
        }
        groups.sort(Comparator.comparingDouble(group -> -group.score()));
        List<Detection> faces = new ArrayList<>();
        for (Detection group : groups) {
            if (faces.stream().noneMatch(face -> same(face.box(), group.box()))) {
                faces.add(group);
            }
        }
        return faces;
    }

    private void addWindows(Mat grey, Pass pass, RectVector windows) {
        Turn turn = new Turn(grey.cols(), grey.rows(), pass.tilt);
        RectVector found = new RectVector();
        Size smallest = new Size(SMALLEST, SMALLEST);
        cascades.get(pass.cascade).detectMultiScale(turn.apply(grey), found, STEP, 0, 0, smallest, new Size());
        for (int i = 0; i < found.size(); i++) {
            FaceBox upright = turn.back(box(found.get(i)));
            windows.push_back(new Rect(upright.x(), upright.y(), upright.width(), upright.height()));
        }
    }

    private static FaceBox box(Rect rect) {
        return new FaceBox(rect.x(), rect.y(), rect.width(), rect.height());
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
        cascades.values().forEach(CascadeClassifier::close);
    }
}
