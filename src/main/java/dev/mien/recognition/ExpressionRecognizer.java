package dev.mien.recognition;

import dev.mien.backbones.BundledModel;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.ModelMetadata;
import dev.mien.backbones.Precision;
import dev.mien.data.Expression;
import dev.mien.inference.InferenceNetwork;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.bytedeco.pytorch.Device;

/**
 * Finds the faces in pictures and says what they express.
 *
 * <pre>{@code
 * try (ExpressionRecognizer recognizer = ExpressionRecognizer.open()) {
 *     recognizer.recognize(Path.of("party.jpg")).forEach(System.out::println);
 * }
 * }</pre>
 *
 * <p>Thread-safe: any number of threads may share one, and each gets the answer that it would get alone. The picture is
 * taken at its full resolution, turned upright as EXIF says; each face is cut out with FER2013's framing and brought to
 * the model's input by averaging over areas. A picture without a face gives an empty list.
 */
public final class ExpressionRecognizer implements AutoCloseable {

    /** Pixels that a picture may claim to have, unless told otherwise: those of the largest cameras. */
    public static final long DEFAULT_MAX_PIXELS = 120_000_000;

    /** Faces that the network sees at a time; more only take more memory. */
    private static final int BATCH = 32;

    /** Views of a face: itself and its mirror image. */
    private static final int MOST_VIEWS = 2;

    private final Gate gate = new Gate("recognizer");
    private final ExpressionNetwork network;
    private final FaceInput input;
    private final int[] labels;
    private final FaceDetector detector;
    private final boolean ownsDetector;
    private final boolean embeddings;
    private final long maxPixels;

    private ExpressionRecognizer(Builder builder, ExpressionNetwork network, ModelMetadata metadata) {
        this.input = FaceInput.of(metadata);
        this.network = builder.mirrored ? new MirroredNetwork(network, input.size()) : network;
        this.labels = labels(metadata);
        this.ownsDetector = builder.faces == FaceSource.DETECT && builder.detector == null;
        this.detector = ownsDetector ? FaceDetector.haar() : builder.detector;
        this.embeddings = builder.embeddings;
        this.maxPixels = builder.maxPixels;
    }

    /** How a recognizer is put together. */
    public static final class Builder {
        private Path file;
        private ModelFile model;
        private Device device;
        private FaceSource faces = FaceSource.DETECT;
        private FaceDetector detector;
        private boolean embeddings;
        private boolean mirrored = true;
        private long maxPixels = DEFAULT_MAX_PIXELS;
        private Precision precision = Precision.FLOAT32;
        private int threads = Runtime.getRuntime().availableProcessors();

        private Builder() {}

        /** What {@code mien train} wrote; without it, the model that comes with mien. */
        public Builder model(Path modelFile) {
            file = modelFile;
            model = null;
            return this;
        }

        /** A model that is open already; the recognizer takes it over and closes it. */
        public Builder model(ModelFile openModel) {
            model = openModel;
            file = null;
            return this;
        }

        /** Has LibTorch compute on a device, such as a GPU, instead of the native library on the processor. */
        public Builder device(Device place) {
            device = place;
            return this;
        }

        /** What the native library's convolutions compute in: float32 unless told otherwise. */
        public Builder precision(Precision format) {
            precision = format;
            return this;
        }

        /** Threads of the native library for a call that no other runs beside, 1..1024: all cores unless told otherwise. */
        public Builder threads(int most) {
            threads = most;
            return this;
        }

        /** Whether faces are looked for (so unless told otherwise) or each picture is one. */
        public Builder faces(FaceSource source) {
            faces = source;
            return this;
        }

        /** Looks for faces with another detector than {@link FaceDetector#haar()}; the caller closes it, later. */
        public Builder detector(FaceDetector other) {
            detector = other;
            return this;
        }

        /** Whether faces come with their embeddings; not unless asked for. */
        public Builder embeddings(boolean wanted) {
            embeddings = wanted;
            return this;
        }

        /**
         * Whether the network sees the mirror image of each face too, so unless told otherwise: about a point more
         * accurate (see docs/model-card.md), and twice the network's time.
         */
        public Builder mirrored(boolean wanted) {
            mirrored = wanted;
            return this;
        }

        /** Most pixels (width times height) that an image file may claim; others are refused undecoded. */
        public Builder maxPixels(long most) {
            if (most < 1) {
                throw new IllegalArgumentException("a picture cannot have at most " + most + " pixels");
            }
            maxPixels = most;
            return this;
        }

        /**
         * Loads everything, so that the first picture takes no longer than others.
         *
         * @throws IOException if the model is missing or broken; the message names the file
         * @throws IllegalArgumentException if the file holds no model that tells the seven expressions apart
         */
        public ExpressionRecognizer build() throws IOException {
            return device == null ? buildNative() : buildOnDevice();
        }

        private ExpressionRecognizer buildNative() throws IOException {
            InferenceNetwork network = model != null
                    ? InferenceNetwork.of(model.backbone(), precision, threads, MOST_VIEWS * BATCH)
                    : InferenceNetwork.open(file(), precision, threads, MOST_VIEWS * BATCH);
            try {
                ModelMetadata metadata = model != null ? model.metadata() : network.metadata();
                check(metadata);
                ExpressionRecognizer recognizer = new ExpressionRecognizer(this, new NativeNetwork(network), metadata);
                if (model != null) {
                    model.close(); // the network has a copy
                }
                return recognizer;
            } catch (RuntimeException e) {
                network.close();
                throw e;
            }
        }

        private ExpressionRecognizer buildOnDevice() throws IOException {
            ModelFile open = model != null ? model : ModelFile.read(file());
            try {
                check(open.metadata());
                open.backbone().moveTo(device);
                return new ExpressionRecognizer(this, new TorchNetwork(open.backbone()), open.metadata());
            } catch (RuntimeException e) {
                if (open != model) {
                    open.close();
                }
                throw e;
            }
        }

        private Path file() throws IOException {
            return file == null ? BundledModel.file() : file;
        }

        private void check(ModelMetadata metadata) {
            if (!metadata.hasHead()) {
                throw new IllegalArgumentException((file == null ? "the model" : file.toString())
                        + ": trained with the triplet loss alone, which gives embeddings and no probabilities; use one"
                        + " trained with cross-entropy or joint");
            }
        }
    }

    /** Starts with the model that comes with mien and the detector of {@link FaceDetector#haar()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** A recognizer with the model that comes with mien; {@link IOException} if this build has none. */
    public static ExpressionRecognizer open() throws IOException {
        return builder().build();
    }

    /** A recognizer with a model that {@code mien train} wrote; see {@link Builder#build()}. */
    public static ExpressionRecognizer open(Path model) throws IOException {
        return builder().model(model).build();
    }

    /** For each output of the model, which expression it stands for. */
    private static int[] labels(ModelMetadata metadata) {
        int[] labels = metadata.labels().stream()
                .mapToInt(word -> Expression.ofWord(word).ordinal())
                .toArray();
        if (Arrays.stream(labels).distinct().count() != Expression.COUNT) {
            throw new IllegalArgumentException(
                    "the model tells apart " + metadata.labels() + "; expected all of " + Expression.words());
        }
        return labels;
    }

    /**
     * The faces of an image file, largest first.
     *
     * @param file JPEG, PNG, GIF (its first frame), BMP, TIFF, or what other readers ImageIO was given
     * @throws IOException in one sentence that names the file, if it is missing, no image, broken or too large
     * @throws IllegalStateException if the recognizer is closed, now or meanwhile
     */
    public List<Face> recognize(Path file) throws IOException {
        return classify(List.of(prepare(file))).get(0);
    }

    /** The faces of a picture, largest first. */
    public List<Face> recognize(BufferedImage image) {
        return recognizeAll(List.of(image)).get(0);
    }

    /**
     * The faces of a grey picture, largest first.
     *
     * @param grey (height, width) levels 0..255, row-major
     */
    public List<Face> recognize(byte[] grey, int width, int height) {
        return classify(List.of(prepare(new GreyImage(grey, width, height)))).get(0);
    }

    /** The faces of each picture; the network sees those of all together, which is faster than one by one. */
    public List<List<Face>> recognizeAll(List<BufferedImage> images) {
        return classify(images.stream().map(GreyImage::of).map(this::prepare).toList());
    }

    /**
     * The faces of any number of image files, in order, in memory that does not grow with their number. Files are
     * decoded and searched by several threads; the network sees the faces of those that are ready together.
     *
     * @param files asked for the next one in a thread of its own, a few files ahead
     * @param threads that decode and search, at least 1
     * @param consumer called in the calling thread, once for every file, readable or not
     */
    public void recognizeEach(Iterator<Path> files, int threads, Consumer<PictureFaces> consumer) {
        gate.check();
        try (PictureStream stream = new PictureStream(this, files, threads)) {
            stream.forEach(consumer);
        }
    }

    Prepared prepare(Path file) throws IOException {
        gate.check();
        try {
            return prepare(PictureFile.read(file, maxPixels).grey());
        } catch (OutOfMemoryError e) { // of several at once, perhaps: the others shall not suffer
            throw new IOException(file + ": too large an image for the Java heap", e);
        }
    }

    private Prepared prepare(GreyImage image) {
        gate.check();
        List<Detection> found = detector == null
                ? List.of(new Detection(new FaceBox(0, 0, image.width(), image.height()), 1))
                : detector.detect(image);
        float[] pixels = new float[found.size() * input.length()];
        for (int i = 0; i < found.size(); i++) {
            input.write(image, found.get(i).box(), pixels, i * input.length());
        }
        return new Prepared(found, pixels);
    }

    List<List<Face>> classify(List<Prepared> pictures) {
        gate.check();
        List<Detection> all = pictures.stream()
                .flatMap(picture -> picture.detections().stream())
                .toList();
        float[] pixels = new float[all.size() * input.length()];
        int at = 0;
        for (Prepared picture : pictures) {
            System.arraycopy(picture.pixels(), 0, pixels, at, picture.pixels().length);
            at += picture.pixels().length;
        }
        Iterator<Face> faces = faces(all, pixels).iterator();
        List<List<Face>> perPicture = new ArrayList<>();
        for (Prepared picture : pictures) {
            List<Face> own = new ArrayList<>();
            picture.detections().forEach(detection -> own.add(faces.next()));
            perPicture.add(List.copyOf(own));
        }
        return perPicture;
    }

    private List<Face> faces(List<Detection> all, float[] pixels) {
        List<Face> faces = new ArrayList<>();
        for (int start = 0; start < all.size(); start += BATCH) {
            int from = start;
            int n = Math.min(BATCH, all.size() - start);
            float[] batch = Arrays.copyOfRange(pixels, from * input.length(), (from + n) * input.length());
            ExpressionNetwork.Answer answer = gate.pass(() -> network.run(batch, n));
            for (int i = 0; i < n; i++) {
                faces.add(face(all.get(from + i), answer, i, n));
            }
        }
        return faces;
    }

    private Face face(Detection detection, ExpressionNetwork.Answer answer, int row, int n) {
        float[] probabilities = probabilities(answer.logits(), row * labels.length);
        int d = answer.embeddings().length / n;
        float[] embedding = embeddings ? Arrays.copyOfRange(answer.embeddings(), row * d, (row + 1) * d) : new float[0];
        return new Face(detection.box(), detection.score(), probabilities, embedding);
    }

    /** Softmax of a face's logits, in the order of {@link Expression}; relative to the largest, so that none overflows. */
    private float[] probabilities(float[] logits, int from) {
        float largest = logits[from];
        for (int i = 1; i < labels.length; i++) {
            largest = Math.max(largest, logits[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            sum += Math.exp(logits[from + i] - largest);
        }
        float[] probabilities = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            probabilities[labels[i]] = (float) (Math.exp(logits[from + i] - largest) / sum);
        }
        return probabilities;
    }

    /** Frees model and detector, once what they are computing has ended; calls in progress and later ones fail. */
    @Override
    public void close() {
        gate.close(() -> {
            network.close();
            if (ownsDetector) {
                detector.close();
            }
        });
    }
}
