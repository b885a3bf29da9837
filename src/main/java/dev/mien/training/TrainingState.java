package dev.mien.training;

import dev.mien.backbones.Backbone;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** What a training carries from one epoch to the next: weights, velocities, best weights, rate, averaged weights, scores and log. */
final class TrainingState implements AutoCloseable {

    private static final int PLATEAU_PATIENCE = 3;
    private static final double PLATEAU_FACTOR = 0.1;

    private final TrainingSettings settings;
    private final Map<String, Tensor> model = new LinkedHashMap<>();
    private final Map<String, Tensor> best = new LinkedHashMap<>();
    private final Sgd optimiser;
    private final WeightAverage average; // or null
    private final List<EpochRecord> records = new ArrayList<>();
    private ReduceOnPlateau plateau;
    private EarlyStopping stopping;

    private TrainingState(TrainingSettings settings, Backbone backbone) {
        this.settings = settings;
        model.putAll(backbone.parameters());
        model.putAll(backbone.buffers());
        optimiser = new Sgd(backbone.parameters(), settings.momentum(), settings.weightDecay());
        average = settings.averaging() > 0 ? new WeightAverage(model, settings.averaging()) : null;
        plateau = new ReduceOnPlateau(settings.learningRate(), PLATEAU_PATIENCE, PLATEAU_FACTOR);
        stopping = new EarlyStopping(settings.patience());
        try (NoGradGuard guard = new NoGradGuard()) {
            model.forEach((name, tensor) -> best.put(name, tensor.detach().clone()));
        }
        best.values().forEach(Tensor::retainReference);
    }

    static TrainingState start(TrainingSettings settings, Backbone backbone) {
        return new TrainingState(settings, backbone);
    }

    /** Number of finished epochs, which is the 0-based number of the next. */
    int epoch() {
        return records.size();
    }

    List<EpochRecord> records() {
        return records;
    }

    /** Moves the weights, and their average after them; {@code step} counts from 0 over all epochs. */
    void step(long step, double learningRate) {
        optimiser.step(learningRate);
        if (average != null) {
            average.update(step);
        }
    }

    /** What {@code look} sees of the weights that would be kept now: the averaged ones where there are any. */
    <T> T judged(Supplier<T> look) {
        if (average == null) {
            return look.get();
        }
        average.swap();
        try {
            return look.get();
        } finally {
            average.swap();
        }
    }

    int bestEpoch() {
        return stopping.bestEpoch();
    }

    double seconds() {
        return records.stream().mapToDouble(EpochRecord::seconds).sum();
    }

    /** The learning rate when {@code share} (0..1) of the current epoch is done. */
    double rate(double share) {
        return switch (settings.schedule()) {
            case PLATEAU -> plateau.rate();
            case COSINE -> settings.learningRate() * Schedule.cosine((epoch() + share) / settings.epochs());
        };
    }

    boolean finished() {
        return epoch() >= settings.epochs() || (epoch() > 0 && stopping.shouldStop(epoch() - 1));
    }

    void finishEpoch(EpochRecord epoch) {
        plateau.observe(epoch.validationLoss());
        double score = settings.selectByAccuracy() ? epoch.validationAccuracy() : -epoch.validationLoss();
        if (stopping.improved(epoch.epoch() - 1, score)) {
            copy(average == null ? model : average.tensors(), best);
        }
        records.add(epoch);
    }

    /** Puts the best weights into the backbone. */
    void keepBest() {
        copy(best, model);
    }

    private static void copy(Map<String, Tensor> from, Map<String, Tensor> to) {
        try (NoGradGuard guard = new NoGradGuard()) {
            to.forEach((name, tensor) -> tensor.copy_(from.get(name)));
        }
    }

    /** Writes everything to one file, whole or not at all. */
    void save(Checkpoint checkpoint) throws IOException {
        checkpoint.write(
                groups(),
                new Checkpoint.Scores(
                        plateau.rate(),
                        plateau.best(),
                        plateau.badEpochs(),
                        stopping.best(),
                        stopping.bestEpoch(),
                        records));
    }

    /** Goes on from a file, where it exists. */
    void restore(Checkpoint checkpoint) throws IOException {
        if (!Files.exists(checkpoint.file())) {
            return;
        }
        Checkpoint.Scores scores = checkpoint.read(groups());
        plateau = new ReduceOnPlateau(
                scores.rate(), PLATEAU_PATIENCE, PLATEAU_FACTOR, scores.plateauBest(), scores.badEpochs());
        stopping = new EarlyStopping(settings.patience(), scores.best(), scores.bestEpoch());
        records.addAll(scores.epochs());
    }

    private Map<String, Tensor> groups() {
        Map<String, Tensor> all = new LinkedHashMap<>();
        model.forEach((name, tensor) -> all.put("model." + name, tensor));
        optimiser.velocities().forEach((name, tensor) -> all.put("velocity." + name, tensor));
        best.forEach((name, tensor) -> all.put("best." + name, tensor));
        if (average != null) {
            average.tensors().forEach((name, tensor) -> all.put("average." + name, tensor));
        }
        return all;
    }

    @Override
    public void close() {
        optimiser.close();
        best.values().forEach(Tensor::close);
        if (average != null) {
            average.close();
        }
    }
}
