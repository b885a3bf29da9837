package dev.mien.evaluation;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mien.data.FaceImages;
import dev.mien.data.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Everything an experiment found out, as {@code results.json} holds it (property names in snake case, labels in the
 * order of {@link dev.mien.data.Expression}). Undefined figures are {@code null}; NaN and infinity are stored as such.
 * Null lists become empty ones.
 *
 * @param mien version that ran
 * @param device such as {@code cpu} or {@code cuda}
 * @param kernels such as {@code native avx2} or {@code torch}
 * @param dataset what was learnt from and tested on
 * @param runs one per (model, classifier, split)
 * @param preset {@code quick}, {@code paper} or {@code flagship}
 * @param command the command line that produced this
 * @param started when, as ISO 8601
 * @param seconds wall time of the whole experiment; where it was resumed, with the fits and trainings it kept
 * @param curves one per trained model (figure 6)
 * @param distances one per trained model (figure 7)
 * @param retrieval one per trained model: how well its test embeddings find their class among each other
 * @param settings protocol, training and classifier settings, and deviations from the paper (tables 5 and 6)
 * @param notes sentences printed at the end of the report
 */
public record Results(
        String mien,
        String device,
        String kernels,
        Dataset dataset,
        List<Run> runs,
        String preset,
        String command,
        String started,
        Double seconds,
        List<Curve> curves,
        List<Distances> distances,
        List<Retrieval> retrieval,
        List<Setting> settings,
        List<String> notes) {

    public Results {
        dataset = dataset == null ? new Dataset(null, null, null) : dataset;
        runs = copy(runs);
        seconds = finite(seconds);
        curves = copy(curves);
        distances = copy(distances);
        retrieval = copy(retrieval);
        settings = copy(settings);
        notes = copy(notes);
    }

    /**
     * The data, described.
     *
     * @param name such as {@code FER2013}
     * @param counts images per split
     * @param classCounts images per split and class (table 4)
     */
    public record Dataset(String name, Counts counts, ClassCounts classCounts) {
        public Dataset {
            name = name == null ? "" : name;
            counts = counts == null ? new Counts(0, 0, 0) : counts;
            classCounts = classCounts == null ? new ClassCounts(null, null, null) : classCounts;
        }

        /** Describes a loaded dataset. */
        public static Dataset of(dev.mien.data.Dataset data) {
            return new Dataset(
                    data.name(),
                    new Counts(
                            data.train().size(),
                            data.validation().size(),
                            data.test().size()),
                    new ClassCounts(perClass(data.train()), perClass(data.validation()), perClass(data.test())));
        }

        private static List<Integer> perClass(FaceImages images) {
            return Arrays.stream(images.countsPerClass()).boxed().toList();
        }
    }

    /** Images per split. */
    public record Counts(int train, int validation, int test) {}

    /** Images per class of each split: seven counts in label order, or none when unknown. */
    public record ClassCounts(List<Integer> train, List<Integer> validation, List<Integer> test) {
        public ClassCounts {
            train = copy(train);
            validation = copy(validation);
            test = copy(test);
        }
    }

    /**
     * One classifier on the features of one model, scored on one split. {@code precision}, {@code recall} and {@code f1}
     * are macro averages; all rates are in 0..1.
     *
     * @param backbone such as {@code vgg19}
     * @param parameters trainable parameters of the backbone
     * @param loss {@code cross-entropy}, {@code triplet} or {@code joint}
     * @param classifier {@code softmax}, {@code ann}, {@code svm}, {@code random-forest} or {@code xgboost}
     * @param split {@code train}, {@code validation} or {@code test}
     * @param n images scored
     * @param accuracy share of images predicted correctly
     * @param accuracyCi95 its 95 % Wilson interval, two values; empty when undefined
     * @param precision macro-averaged
     * @param recall macro-averaged
     * @param f1 macro-averaged
     * @param accuracyDeduplicated accuracy over the images without an identical twin in train or validation, or null
     * @param nDeduplicated how many those are, or null
     * @param mcnemarP exact two-sided McNemar p against cross entropy + softmax, or null
     * @param perClass seven rows in label order
     * @param confusion (7, 7) counts: rows actual, columns predicted
     * @param seconds time to fit the classifier and to predict, without training the model
     * @param precisionWeighted weighted by support
     * @param recallWeighted weighted by support
     * @param f1Weighted weighted by support
     * @param seed of the run
     */
    public record Run(
            String backbone,
            Long parameters,
            String loss,
            String classifier,
            String split,
            int n,
            Double accuracy,
            List<Double> accuracyCi95,
            Double precision,
            Double recall,
            Double f1,
            Double accuracyDeduplicated,
            @JsonProperty("n_deduplicated") Integer nDeduplicated,
            Double mcnemarP,
            List<ClassScore> perClass,
            List<List<Long>> confusion,
            Double seconds,
            Double precisionWeighted,
            Double recallWeighted,
            Double f1Weighted,
            Long seed) {
        public Run {
            accuracy = finite(accuracy);
            accuracyCi95 = copy(accuracyCi95);
            precision = finite(precision);
            recall = finite(recall);
            f1 = finite(f1);
            accuracyDeduplicated = finite(accuracyDeduplicated);
            mcnemarP = finite(mcnemarP);
            perClass = copy(perClass);
            confusion = copy(confusion);
            seconds = finite(seconds);
            precisionWeighted = finite(precisionWeighted);
            recallWeighted = finite(recallWeighted);
            f1Weighted = finite(f1Weighted);
        }

        /**
         * A run from its report.
         *
         * @param accuracyDeduplicated and {@code nDeduplicated}: null where not defined
         * @param mcnemarP null for the baseline itself
         */
        public static Run of(
                String backbone,
                long parameters,
                String loss,
                String classifier,
                Split split,
                ClassificationReport report,
                Double accuracyDeduplicated,
                Integer nDeduplicated,
                Double mcnemarP,
                double seconds,
                long seed) {
            Significance.Interval interval =
                    Significance.wilson((int) report.confusion().correct(), report.n());
            return new Run(
                    backbone,
                    parameters,
                    loss,
                    classifier,
                    split.word(),
                    report.n(),
                    report.accuracy(),
                    report.n() == 0 ? List.of() : List.of(interval.low(), interval.high()),
                    report.macro().precision(),
                    report.macro().recall(),
                    report.macro().f1(),
                    accuracyDeduplicated,
                    nDeduplicated,
                    mcnemarP,
                    report.perClass(),
                    report.confusion().toLists(),
                    seconds,
                    report.weighted().precision(),
                    report.weighted().recall(),
                    report.weighted().f1(),
                    seed);
        }

        /** Whether this run was scored on {@code wanted}. */
        public boolean on(Split wanted) {
            return wanted.word().equals(split);
        }
    }

    /**
     * Scores of one class.
     *
     * @param label such as {@code happy}
     * @param support images of this class
     */
    public record ClassScore(String label, long support, Double precision, Double recall, Double f1) {
        public ClassScore {
            precision = finite(precision);
            recall = finite(recall);
            f1 = finite(f1);
        }
    }

    /**
     * How one model was trained (figure 6).
     *
     * @param seconds wall time of the training
     * @param bestEpoch the epoch whose weights were kept, counted as in {@code epochs}; null when unknown
     */
    public record Curve(
            String backbone,
            String loss,
            Long seed,
            Long parameters,
            Double seconds,
            Integer bestEpoch,
            List<Epoch> epochs) {
        public Curve {
            seconds = finite(seconds);
            epochs = copy(epochs);
        }
    }

    /**
     * One epoch. Accuracies of models without a head are those of a nearest-neighbour or centroid rule, or null.
     *
     * @param activeFraction share of the mined triplets that contributed loss
     * @param validAnchors anchors with a positive and a negative
     * @param triplets mined in the epoch
     */
    public record Epoch(
            int epoch,
            Double learningRate,
            Double trainLoss,
            Double validationLoss,
            Double trainAccuracy,
            Double validationAccuracy,
            Double imagesPerSecond,
            Double seconds,
            Double activeFraction,
            Long validAnchors,
            Long triplets) {
        public Epoch {
            learningRate = finite(learningRate);
            trainLoss = finite(trainLoss);
            validationLoss = finite(validationLoss);
            trainAccuracy = finite(trainAccuracy);
            validationAccuracy = finite(validationAccuracy);
            imagesPerSecond = finite(imagesPerSecond);
            seconds = finite(seconds);
            activeFraction = finite(activeFraction);
        }
    }

    /**
     * Histograms of the distances between embeddings (figure 7).
     *
     * @param distance such as {@code euclidean}
     * @param binEdges bins + 1 ascending edges
     * @param same pairs of the same class per bin
     * @param different pairs of different classes per bin
     */
    public record Distances(
            String backbone,
            String loss,
            String distance,
            List<Double> binEdges,
            List<Long> same,
            List<Long> different) {
        public Distances {
            binEdges = copy(binEdges);
            same = copy(same);
            different = copy(different);
        }
    }

    /**
     * How well the embeddings of one model find their class by distance; see {@link RetrievalMetrics}.
     *
     * @param split whose embeddings were ranked by their distance to each other
     * @param distance such as {@code cosine}
     * @param n embeddings
     * @param withoutMatch how many are alone in their class
     * @param mean over embeddings
     * @param macro over classes
     * @param nmi agreement of the classes with k-means clusters
     * @param separation chance that a pair of different classes lies farther apart than a pair of the same class
     */
    public record Retrieval(
            String backbone,
            String loss,
            Long seed,
            String split,
            String distance,
            int n,
            int withoutMatch,
            RetrievalScores mean,
            RetrievalScores macro,
            Double nmi,
            Double separation) {
        public Retrieval {
            mean = mean == null ? new RetrievalScores(null, null, null, null, null) : mean;
            macro = macro == null ? new RetrievalScores(null, null, null, null, null) : macro;
            nmi = finite(nmi);
            separation = finite(separation);
        }

        /** From the figures of one model. */
        public static Retrieval of(String backbone, String loss, long seed, Split split, RetrievalMetrics metrics) {
            return new Retrieval(
                    backbone,
                    loss,
                    seed,
                    split.word(),
                    metrics.distance().word(),
                    metrics.anchors(),
                    metrics.anchorsWithoutMatch(),
                    RetrievalScores.of(metrics.mean()),
                    RetrievalScores.of(metrics.macro()),
                    metrics.nmi(),
                    metrics.separation());
        }
    }

    /** The figures of {@link RetrievalMetrics.Scores}. */
    public record RetrievalScores(
            @JsonProperty("precision_at_1") Double precisionAt1,
            @JsonProperty("r_precision") Double rPrecision,
            @JsonProperty("map_at_r") Double mapAtR,
            Double meanReciprocalRank,
            Double silhouette) {
        public RetrievalScores {
            precisionAt1 = finite(precisionAt1);
            rPrecision = finite(rPrecision);
            mapAtR = finite(mapAtR);
            meanReciprocalRank = finite(meanReciprocalRank);
            silhouette = finite(silhouette);
        }

        private static RetrievalScores of(RetrievalMetrics.Scores scores) {
            return new RetrievalScores(
                    scores.precisionAt1(),
                    scores.rPrecision(),
                    scores.mapAtR(),
                    scores.meanReciprocalRank(),
                    scores.silhouette());
        }
    }

    /** Where a setting is shown: among the training settings (table 5), the classifiers' (table 6), and so on. */
    public enum Topic {
        @JsonProperty("protocol")
        PROTOCOL,
        @JsonProperty("training")
        TRAINING,
        @JsonProperty("classifier")
        CLASSIFIER,
        @JsonProperty("deviation")
        DEVIATION
    }

    /**
     * One setting. A name that {@link PaperFigures#setting} knows is shown beside the paper's value.
     *
     * @param topic where it belongs; null means protocol
     */
    public record Setting(String name, String value, Topic topic) {
        public Setting {
            topic = topic == null ? Topic.PROTOCOL : topic;
        }
    }

    /** Reads {@code results.json}; {@link IOException} names the file when it is missing or malformed. */
    public static Results read(Path file) throws IOException {
        return ResultsFile.read(file);
    }

    /** Writes {@code results.json}, whole or not at all. */
    public void write(Path file) throws IOException {
        ResultsFile.write(this, file);
    }

    private static <T> List<T> copy(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    private static Double finite(Double value) {
        return value == null || !Double.isFinite(value) ? null : value;
    }
}
