package dev.mien.evaluation;

import dev.mien.evaluation.Results.Run;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/**
 * A combination of model and classifier on one split: the mean over its seeds.
 *
 * @param runs one per seed, at least one
 */
record Score(String backbone, String loss, String classifier, String split, List<Run> runs) {

    Double accuracy() {
        return mean(Run::accuracy);
    }

    /** The mean of a figure over the seeds that have it, or null when none has. */
    Double mean(Function<Run, Double> figure) {
        List<Double> values = runs.stream().map(figure).filter(Objects::nonNull).toList();
        return values.isEmpty()
                ? null
                : values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }

    /** Sample standard deviation of the accuracy over the seeds, or null for fewer than two. */
    Double spread() {
        List<Double> values =
                runs.stream().map(Run::accuracy).filter(Objects::nonNull).toList();
        if (values.size() < 2) {
            return null;
        }
        double mean = accuracy();
        double squares =
                values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
        return Math.sqrt(squares / (values.size() - 1));
    }

    /** The 95 % interval's bound 0 (low) or 1 (high), averaged over seeds, or null. */
    Double bound(int side) {
        return mean(run -> run.accuracyCi95().size() == 2 ? run.accuracyCi95().get(side) : null);
    }

    String interval() {
        return bound(0) == null ? Format.MISSING : Format.percent(bound(0)) + " – " + Format.percent(bound(1));
    }

    /** The accuracy in percent, with its spread where there are several seeds. */
    String printedAccuracy() {
        return Format.percent(accuracy()) + (spread() == null ? "" : " ± " + Format.percent(spread()));
    }

    /** The paper's accuracy for the same split, loss and classifier, or null. */
    Double paper() {
        return PaperFigures.accuracy(split, loss, classifier).orElse(null);
    }

    /** Such as {@code Cross entropy + XGBoost}. */
    String title() {
        return Format.name(loss) + " + " + Format.name(classifier);
    }

    /** The seeds' confusion matrices added up; empty when there are none or they disagree in size. */
    List<List<Long>> confusion() {
        List<List<Long>> first = runs.get(0).confusion();
        for (Run run : runs) {
            if (run.confusion().size() != first.size()
                    || run.confusion().stream().anyMatch(r -> r.size() != first.size())) {
                return List.of();
            }
        }
        return java.util.stream.IntStream.range(0, first.size())
                .mapToObj(i -> java.util.stream.IntStream.range(0, first.size())
                        .mapToObj(j -> runs.stream()
                                .mapToLong(run -> run.confusion().get(i).get(j))
                                .sum())
                        .toList())
                .toList();
    }

    boolean isBaseline() {
        return loss.equals("cross-entropy") && classifier.equals("softmax");
    }
}
