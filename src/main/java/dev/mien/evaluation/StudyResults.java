package dev.mien.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a triplet study found out, as {@code study.json} holds it (snake case). Classes of images are strings of digits,
 * one per image, in the order of {@link dev.mien.data.Expression}: with the labels beside the predictions every score and
 * test can be computed again without the images.
 *
 * @param mien version that ran
 * @param data such as {@code FER2013}
 * @param budget what each variant was trained for, in words
 * @param validation true classes
 * @param test true classes
 * @param testTwins 1 for each test image with a pixel-identical twin in train or validation, 0 for the others
 * @param runs one per variant and seed
 */
public record StudyResults(
        String mien, String data, String budget, String validation, String test, String testTwins, List<Run> runs) {

    /** Among the predictions: the network's own last layer. */
    public static final String HEAD = "head";

    /** The question that variants without triplet loss stand under. */
    public static final String CROSS_ENTROPY = "Cross entropy";

    public StudyResults {
        runs = List.copyOf(runs);
    }

    /**
     * One variant from one seed.
     *
     * @param variant its name
     * @param question the heading it stands under
     * @param seed of training and classifiers
     * @param key hash of what it was computed from
     * @param settings of the training, as text
     * @param trainingSeconds wall time
     * @param activeFraction share of the mined triplets that cost something, in the last epoch; null without mining
     * @param hardFraction share of all triplets of a batch whose negative is nearer than its positive; null without mining
     * @param retrieval of the test embeddings among each other, by cosine distance
     * @param predictions by classifier: {@code head} where the loss trains one, and the five fitted on the embeddings
     */
    public record Run(
            String variant,
            String question,
            long seed,
            String key,
            String settings,
            double trainingSeconds,
            Double activeFraction,
            Double hardFraction,
            Retrieval retrieval,
            Map<String, Predictions> predictions) {}

    /** See {@link RetrievalMetrics}. */
    public record Retrieval(
            @JsonProperty("precision_at_1") double precisionAt1,
            @JsonProperty("map_at_r") double mapAtR,
            double separation) {}

    /** Predicted classes of the two splits, a digit per image. */
    public record Predictions(String validation, String test) {}

    /** Digits as classes. */
    static int[] classes(String digits) {
        return digits.chars().map(digit -> digit - '0').toArray();
    }

    /** Classes 0..9 as digits. */
    public static String digits(int[] classes) {
        StringBuilder digits = new StringBuilder(classes.length);
        for (int c : classes) {
            digits.append((char) ('0' + c));
        }
        return digits.toString();
    }

    /** Reads what {@link #write} wrote of a run or of a whole study; {@link IOException} names a malformed file. */
    public static <T> T read(Path file, Class<T> type) throws IOException {
        try {
            return ResultsFile.MAPPER
                    .readerFor(type)
                    .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .readValue(file.toFile());
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is no part of a study: " + e.getOriginalMessage(), e);
        }
    }

    /** Writes a run or a whole study, whole or not at all. */
    public static void write(Object part, Path file) throws IOException {
        ResultsFile.write(part, file);
    }
}
