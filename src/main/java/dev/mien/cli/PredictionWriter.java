package dev.mien.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mien.data.Expression;
import dev.mien.recognition.Face;
import dev.mien.recognition.FaceBox;
import dev.mien.recognition.PictureFaces;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Faces as text, a picture at a time. */
interface PredictionWriter {

    /** Why a picture that can be read has no faces. */
    String NO_FACE = "no face found";

    /** What stands above everything; may be empty. */
    String header();

    /**
     * Lines of one picture.
     *
     * @param failure why it cannot be read, or null
     */
    String picture(PictureFaces picture, String failure);

    static PredictionWriter of(PredictionFormat format) {
        return switch (format) {
            case TABLE -> new Table();
            case JSONL -> new JsonLines();
            case CSV -> new Csv();
        };
    }

    private static String reason(PictureFaces picture, String failure) {
        return failure == null && picture.faces().isEmpty() ? NO_FACE : failure;
    }

    /** Six decimals: what differs below is noise of the network's arithmetic. */
    private static double rounded(double value) {
        return Math.round(value * 1e6) / 1e6;
    }

    /** For people, within 80 columns: a row for each face; of long paths the end. */
    final class Table implements PredictionWriter {
        private static final int PATH = 30;
        private static final String ROW = "%-30s  %-20s  %5s  %-8s  %5s%n";

        private Table() {}

        @Override
        public String header() {
            return String.format(ROW, "file", "box", "score", "label", "%");
        }

        @Override
        public String picture(PictureFaces picture, String failure) {
            String reason = reason(picture, failure);
            String file = shortened(picture.file().toString());
            if (reason != null) {
                return String.format("%-30s  %s%n", file, failure == null ? reason : "cannot be read");
            }
            return picture.faces().stream().map(face -> row(file, face)).collect(Collectors.joining());
        }

        private static String row(String file, Face face) {
            FaceBox box = face.box();
            return String.format(
                    Locale.ROOT,
                    ROW,
                    file,
                    "%d,%d %dx%d".formatted(box.x(), box.y(), box.width(), box.height()),
                    String.format(Locale.ROOT, "%.2f", face.score()),
                    face.label().word(),
                    String.format(Locale.ROOT, "%.1f", 100 * face.probability(face.label())));
        }

        private static String shortened(String path) {
            return path.length() <= PATH ? path : "..." + path.substring(path.length() - PATH + 3);
        }
    }

    /** For programs: an object for each picture. */
    final class JsonLines implements PredictionWriter {

        private JsonLines() {}

        private record Picture(
                String file, List<Found> faces, @JsonInclude(JsonInclude.Include.NON_NULL) String reason) {}

        private record Found(List<Integer> box, double score, Expression label, Map<String, Double> probabilities) {}

        @Override
        public String header() {
            return "";
        }

        @Override
        public String picture(PictureFaces picture, String failure) {
            List<Found> faces = picture.faces().stream().map(JsonLines::found).toList();
            try {
                return Json.line(new Picture(picture.file().toString(), faces, reason(picture, failure)));
            } catch (JsonProcessingException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static Found found(Face face) {
            FaceBox box = face.box();
            Map<String, Double> probabilities = new LinkedHashMap<>();
            for (Expression expression : Expression.values()) {
                probabilities.put(expression.word(), rounded(face.probability(expression)));
            }
            return new Found(
                    List.of(box.x(), box.y(), box.width(), box.height()),
                    rounded(face.score()),
                    face.label(),
                    probabilities);
        }
    }

    /** For spreadsheets: a row for each face, and one for each picture without. */
    final class Csv implements PredictionWriter {

        private Csv() {}

        @Override
        public String header() {
            return "file,x,y,width,height,score,label,"
                    + Arrays.stream(Expression.values()).map(Expression::word).collect(Collectors.joining(","))
                    + ",reason\n";
        }

        @Override
        public String picture(PictureFaces picture, String failure) {
            String reason = reason(picture, failure);
            if (reason != null) {
                return quoted(picture.file()) + ",".repeat(7 + Expression.COUNT) + quoted(reason) + "\n";
            }
            return picture.faces().stream()
                    .map(face -> row(picture.file(), face))
                    .collect(Collectors.joining());
        }

        private static String row(Path file, Face face) {
            FaceBox box = face.box();
            return quoted(file) + "," + box.x() + "," + box.y() + "," + box.width() + "," + box.height() + ","
                    + rounded(face.score()) + "," + face.label().word() + ","
                    + Arrays.stream(Expression.values())
                            .map(expression -> Double.toString(rounded(face.probability(expression))))
                            .collect(Collectors.joining(","))
                    + ",\n";
        }

        private static String quoted(Object value) {
            String text = value.toString();
            boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
            return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
        }
    }
}
