package dev.mien.cli;

import dev.mien.data.ViewSet;
import dev.mien.internal.Words;
import dev.mien.recognition.Annotation;
import dev.mien.recognition.ExpressionRecognizer;
import dev.mien.recognition.FaceDetector;
import dev.mien.recognition.FaceSource;
import dev.mien.recognition.PictureFaces;
import dev.mien.training.Devices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mien predict}: faces and their expressions in pictures. */
@Command(
        name = "predict",
        header = "Recognise the expressions of faces in pictures.",
        description = "Takes JPEG, PNG, GIF (its first frame), BMP and TIFF files, of any size and number. Boxes are"
                + " columns and rows of the upright picture; a face's score is the detector's, 0 to 1. A file that"
                + " cannot be read does not stop the others: it is named at the end, and the exit code is then 1."
                + " A picture without a face is no failure.",
        footer = {
            "",
            "Examples:",
            "  mien predict party.jpg",
            "  mien predict --format csv holidays > faces.csv",
            "  find . -name '*.jpg' | mien predict --format jsonl -",
            "  mien predict --model M.safetensors --faces given crops"
        })
final class PredictCommand extends Subcommand {

    private static final long MILLION = 1_000_000;
    private static final long REDRAW_NANOS = 300_000_000;

    @Option(
            names = "--model",
            paramLabel = "M",
            description = "What 'mien train' wrote (default: the model that comes with mien).")
    private Path model;

    @Option(
            names = "--faces",
            paramLabel = "F",
            description = "detect (default): look for faces; given: each picture is one face, cut out already.")
    private FaceSource faces = FaceSource.DETECT;

    @Option(
            names = "--format",
            paramLabel = "T",
            description = "table (default), jsonl (one line for each picture; --json does the same) or csv (one for"
                    + " each face).")
    private PredictionFormat format;

    @Option(
            names = "--annotate",
            paramLabel = "DIR",
            description = "Write each picture as DIR/<its path>.png with boxes and labels.")
    private Path annotate;

    @Option(
            names = "--yunet",
            paramLabel = "FILE",
            description = "Look for faces with OpenCV's YuNet, face_detection_yunet_2023mar.onnx, which finds turned"
                    + " faces too (default: the Haar cascade in OpenCV's jar).")
    private Path yunet;

    @Option(
            names = "--views",
            paramLabel = "V",
            description = "mirrored (default): average over each face and its mirror image; plain: half the network's"
                    + " time, a point less accurate.")
    private ViewSet views = ViewSet.MIRRORED;

    @Option(
            names = "--max-megapixels",
            paramLabel = "N",
            description = "Refuse larger pictures before they are decoded (default: ${DEFAULT-VALUE}).")
    private long maxMegapixels = ExpressionRecognizer.DEFAULT_MAX_PIXELS / MILLION;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE|DIR|-",
            description = "Pictures, folders with all below them, or - for a list of either on standard input.")
    private List<String> arguments;

    private final List<IOException> failures = new ArrayList<>();
    private long done;
    private long drawn;

    @Override
    void run(Console console) throws IOException {
        checkUsage();
        if (annotate != null) {
            OutputPath.checkFolder(annotate);
        }
        BufferedReader stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        long total = arguments.contains(PictureFiles.STDIN) ? 0 : count();
        PredictionWriter writer = PredictionWriter.of(format);
        try (FaceDetector detector = yunet == null ? null : FaceDetector.yunet(yunet);
                ExpressionRecognizer recognizer = recognizer(detector)) {
            show(writer.header());
            recognizer.recognizeEach(
                    new PictureFiles(arguments, stdin),
                    global().threads(),
                    picture -> report(picture, writer, console, total));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        finish(console);
    }

    private void checkUsage() {
        if (global().json && format != null && format != PredictionFormat.JSONL) {
            throw usage("--json contradicts --format " + Words.of(format));
        }
        if (format == null) {
            format = global().json ? PredictionFormat.JSONL : PredictionFormat.TABLE;
        }
        if (maxMegapixels < 1 || maxMegapixels > Integer.MAX_VALUE / MILLION) {
            throw usage("--max-megapixels must be 1 to " + Integer.MAX_VALUE / MILLION + ", not " + maxMegapixels);
        }
        if (views == ViewSet.TEN_CROP) {
            throw usage("predict takes --views mirrored or plain, not ten-crop");
        }
        if (yunet != null && faces == FaceSource.GIVEN) {
            throw usage("--yunet looks for faces, so it contradicts --faces given");
        }
    }

    private ExpressionRecognizer recognizer(FaceDetector detector) throws IOException {
        ExpressionRecognizer.Builder builder = ExpressionRecognizer.builder().threads(global().threads());
        if (model != null) {
            builder.model(model);
        }
        // On the processor LibTorch is not even loaded: it takes longer than many pictures.
        if (global().device().equals("cuda")) {
            builder.device(Devices.open("cuda"));
        }
        return builder.faces(faces)
                .mirrored(views == ViewSet.MIRRORED)
                .detector(detector)
                .maxPixels(maxMegapixels * MILLION)
                .build();
    }

    private long count() {
        long count = 0;
        for (PictureFiles files = new PictureFiles(arguments, null); files.hasNext(); files.next()) {
            count++;
        }
        return count;
    }

    private void report(PictureFaces picture, PredictionWriter writer, Console console, long total) {
        done++;
        String reason = picture.failure().map(Failures::sentence).orElse(null);
        picture.failure().ifPresent(failures::add);
        String text = writer.picture(picture, reason);
        long now = System.nanoTime();
        console.close(); // a bar would stand in the middle of the rows, where both go to one terminal
        show(text);
        if (now - drawn > REDRAW_NANOS) {
            drawn = now;
            console.at("predict", done, total);
        }
        if (annotate != null && picture.failure().isEmpty()) {
            try {
                Annotation.write(picture.file(), picture.faces(), annotated(picture.file()), maxMegapixels * MILLION);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void show(String text) {
        if (!text.isEmpty()) { // an empty result would be printed as an empty line
            printRaw(text);
        }
    }

    /** Below the folder of annotated pictures, the path as it was named. */
    private Path annotated(Path file) {
        Path relative = Path.of("");
        for (Path name : file.normalize()) {
            relative = name.toString().equals("..") ? relative : relative.resolve(name);
        }
        return annotate.resolve(relative.resolveSibling(relative.getFileName() + ".png"));
    }

    private void finish(Console console) throws IOException {
        if (done == 0) {
            throw new IOException("no picture found in " + String.join(" ", arguments));
        }
        if (failures.size() == 1 && done == 1) {
            throw failures.get(0);
        }
        if (!failures.isEmpty()) {
            failures.forEach(failure -> console.say("mien: " + Failures.sentence(failure)));
            throw new IOException(failures.size() + " of " + done + " files could not be read");
        }
    }
}
