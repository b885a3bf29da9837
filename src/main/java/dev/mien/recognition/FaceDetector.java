package dev.mien.recognition;

import dev.mien.internal.OpenCv;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/**
 * Finds faces in pictures with OpenCV, and frames them as FER2013 does. Thread-safe; every thread that detects at the
 * same time gets a detector of its own, and they are kept for later calls.
 */
public final class FaceDetector implements AutoCloseable {

    private final Queue<FaceFinder> idle = new ConcurrentLinkedQueue<>();
    private final Gate gate = new Gate("face detector");
    private final Supplier<FaceFinder> finders;
    private final int longestSide;

    private FaceDetector(Supplier<FaceFinder> finders, int longestSide) {
        this.finders = finders;
        this.longestSide = longestSide;
        idle.add(finders.get()); // what cannot be loaded fails here, not at the first picture
    }

    /**
     * Two of OpenCV's cascades for frontal faces, {@code haarcascade_frontalface_alt2} and {@code _default}, which are in
     * its jar; the picture is searched turned both ways, too, for heads that lean. Faces below {@value HaarFinder#SMALLEST} pixels are not looked for, nor those below
     * {@value HaarFinder#SMALLEST}/{@value HaarFinder#LONGEST_SIDE} of the picture's longer side.
     *
     * <p>The score is n / (n + {@value HaarFinder#HALF}) for n windows at neighbouring places and sizes that the
     * cascades took for the same face.
     */
    public static FaceDetector haar() {
        OpenCv.load();
        return new FaceDetector(HaarFinder::thorough, HaarFinder.LONGEST_SIDE);
    }

    /** {@link #haar()} with the first cascade alone and no turns: faster, and misses more faces. */
    public static FaceDetector fastHaar() {
        OpenCv.load();
        return new FaceDetector(HaarFinder::fast, HaarFinder.LONGEST_SIDE);
    }

    /**
     * OpenCV's YuNet, a small network that also finds turned and covered faces. Its file is not part of mien.
     *
     * <p>The score is the network's. The box is built around the eyes it finds, as they lie in FER2013's faces.
     *
     * @param model {@code face_detection_yunet_2023mar.onnx} of OpenCV's model zoo
     * @throws IOException naming the file, if it is missing or no network that OpenCV can use
     */
    public static FaceDetector yunet(Path model) throws IOException {
        if (!Files.isRegularFile(model)) {
            throw new NoSuchFileException(model.toString());
        }
        if (!Files.isReadable(model)) {
            throw new AccessDeniedException(model.toString());
        }
        OpenCv.load();
        try {
            return new FaceDetector(() -> new YuNetFinder(model), YuNetFinder.LONGEST_SIDE);
        } catch (RuntimeException e) { // OpenCV's own, of several lines
            throw new IOException(model + ": not a YuNet network that OpenCV can use", e);
        }
    }

    /**
     * The faces of a picture, largest first.
     *
     * @throws IllegalStateException once closed
     */
    public List<Detection> detect(BufferedImage image) {
        return detect(GreyImage.of(image));
    }

    List<Detection> detect(GreyImage image) {
        return gate.pass(() -> {
            FaceFinder free = idle.poll();
            FaceFinder finder = free == null ? finders.get() : free;
            try {
                return find(finder, image);
            } finally {
                idle.add(finder);
            }
        });
    }

    /** Looks in a smaller picture where it is large; the boxes are those of the picture itself. */
    private List<Detection> find(FaceFinder finder, GreyImage image) {
        double scale = Math.max(1, Math.max(image.width(), image.height()) / (double) longestSide);
        try (PointerScope scope = new PointerScope()) {
            BytePointer bytes = new BytePointer(image.pixels());
            Mat grey = new Mat(image.height(), image.width(), opencv_core.CV_8UC1, bytes, image.width());
            if (scale > 1) {
                Mat smaller = new Mat();
                int width = Math.max(1, (int) Math.round(image.width() / scale));
                int height = Math.max(1, (int) Math.round(image.height() / scale));
                opencv_imgproc.resize(grey, smaller, new Size(width, height), 0, 0, opencv_imgproc.INTER_AREA);
                grey = smaller;
            }
            List<Detection> found = new ArrayList<>();
            for (Detection face : finder.find(grey)) {
                found.add(new Detection(scaled(face.box(), scale), face.score()));
            }
            // In an order that depends on the picture alone.
            found.sort(Comparator.comparingInt((Detection face) -> -face.box().width())
                    .thenComparingInt(face -> face.box().y())
                    .thenComparingInt(face -> face.box().x()));
            return List.copyOf(found);
        }
    }

    private static FaceBox scaled(FaceBox box, double scale) {
        return new FaceBox(
                (int) Math.round(box.x() * scale),
                (int) Math.round(box.y() * scale),
                (int) Math.round(box.width() * scale),
                (int) Math.round(box.height() * scale));
    }

    /** Frees the detectors, once the calls in progress have ended; later calls fail. */
    @Override
    public void close() {
        gate.close(() -> idle.forEach(FaceFinder::close));
    }
}
