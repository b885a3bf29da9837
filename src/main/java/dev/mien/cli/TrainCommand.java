package dev.mien.cli;

import dev.mien.backbones.Backbone;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Weights;
import dev.mien.data.Dataset;
import dev.mien.data.Duplicates;
import dev.mien.data.FaceImages;
import dev.mien.data.Split;
import dev.mien.training.EpochRecord;
import dev.mien.training.LossKind;
import dev.mien.training.Trainer;
import dev.mien.training.TrainingResult;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien train}: one model. */
@Command(
        name = "train",
        header = "Train a model and keep its best weights.",
        description =
                "Beside the model M.safetensors lies the folder M.training: log.csv with one line per epoch and, while"
                        + " the training lasts, the checkpoint that --resume goes on from.",
        footer = {
            "",
            "Examples:",
            "  mien train --data archive.zip --out model.safetensors",
            "  mien train --data archive.zip --out triplet.safetensors --loss triplet \\",
            "             --miner semi-hard --margin 0.2 --weights model.safetensors"
        })
final class TrainCommand extends Subcommand {

    @Mixin
    private DataOptions data;

    @Option(names = "--out", required = true, paramLabel = "M", description = "Model to write, as safetensors.")
    private Path out;

    @Mixin
    private TrainingOptions training;

    @Mixin
    private LimitOption limit;

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "Start from a mien model or torchvision's weights (safetensors or PyTorch).")
    private Path weights;

    @Option(
            names = "--keep-conflicts",
            description = "Mine among images, too, whose identical twin carries another label; they are left out"
                    + " otherwise.")
    private boolean keepConflicts;

    @Option(
            names = "--resume",
            description =
                    "Go on from the checkpoint where there is one; --epochs may differ, to lengthen or cut short.")
    private boolean resume;

    /** The result as JSON. */
    private record Summary(
            Path out,
            String backbone,
            long parameters,
            LossKind loss,
            int bestEpoch,
            double seconds,
            Path log,
            List<EpochRecord> epochs) {}

    @Override
    void run(Console console) throws IOException {
        TrainingSettings settings = training.settings(global());
        if (keepConflicts && !settings.loss().mines()) {
            throw usage("--keep-conflicts needs --loss triplet or joint; cross entropy always sees every image");
        }
        OutputPath.checkFile(out);
        Path state = stateFolder(out);
        OutputPath.checkFolder(state);
        Dataset images = limit.of(data.open(global().seed), global().seed);
        FaceImages train = trainingImages(images, settings.loss(), console);
        try (Backbone network = training.backbone().create(global().seed)) {
            if (weights != null) {
                console.say(weights + ": " + Weights.start(weights, network));
            }
            Path checkpoint = state.resolve("checkpoint.safetensors");
            TrainingResult result = new Trainer(settings, checkpoint, global().progress(console))
                    .fit(network, train, images.validation(), resume);
            ModelFile.write(out, network, notes(settings, images));
            Files.deleteIfExists(checkpoint);
            Summary summary = new Summary(
                    out,
                    network.name(),
                    network.parameterCount(),
                    settings.loss(),
                    result.bestEpoch(),
                    result.seconds(),
                    state.resolve("log.csv"),
                    result.epochs());
            print(summary, text(summary));
        }
    }

    private Map<String, String> notes(TrainingSettings settings, Dataset images) {
        Map<String, String> notes = new HashMap<>(settings.notes());
        notes.put("data", images.name());
        notes.put("command", typed());
        return notes;
    }

    /** Identical images under different labels teach a metric nothing but noise. */
    private FaceImages trainingImages(Dataset images, LossKind loss, Console console) {
        if (!loss.mines() || keepConflicts) {
            return images.train();
        }
        int[] rows = Duplicates.of(images).rowsWithoutConflicts(Split.TRAIN);
        int dropped = images.train().size() - rows.length;
        if (dropped > 0) {
            console.say(dropped + " training images whose identical twin carries another label are left out");
        }
        return images.train().select(rows);
    }

    private static Path stateFolder(Path out) {
        String name = out.getFileName().toString().replaceFirst("\\.safetensors$", "");
        return out.resolveSibling(name + ".training");
    }

    private static String text(Summary s) {
        TextTable table = new TextTable(
                0, "epoch", "learning rate", "loss", "accuracy", "val. loss", "val. accuracy", "images/s");
        for (EpochRecord e : s.epochs) {
            table.row(
                    e.epoch(),
                    figure(e.learningRate()),
                    figure(e.trainLoss()),
                    percent(e.trainAccuracy()),
                    figure(e.validationLoss()),
                    percent(e.validationAccuracy()),
                    Math.round(e.imagesPerSecond()));
        }
        return table
                + String.format(
                        Locale.ROOT,
                        "%n%s: %s, %s, best epoch %d, %.0f s%n",
                        s.out,
                        s.backbone,
                        s.loss.word(),
                        s.bestEpoch,
                        s.seconds);
    }

    private static String figure(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4g", value);
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
