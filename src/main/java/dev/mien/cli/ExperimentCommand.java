package dev.mien.cli;

import dev.mien.backbones.BackboneKind;
import dev.mien.backbones.Precision;
import dev.mien.classifiers.ClassifierPreset;
import dev.mien.data.Dataset;
import dev.mien.data.Split;
import dev.mien.evaluation.PaperFigures;
import dev.mien.evaluation.Results;
import dev.mien.experiment.Experiment;
import dev.mien.experiment.ExperimentOptions;
import dev.mien.experiment.TrainingChanges;
import dev.mien.experiment.TrainingFeatures;
import dev.mien.training.ClassWeights;
import dev.mien.training.Devices;
import dev.mien.training.Preset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien experiment}: the paper's experiment from images to report. */
@Command(
        name = "experiment",
        header = "Run the paper's whole experiment: images in, report out.",
        description =
                "Trains with cross entropy and with triplet loss, fits five classifiers on the features of each and"
                        + " scores them on the test split. The folder gets the report (HTML, Markdown and JSON), the"
                        + " models, the embeddings and the classifiers.",
        footer = {
            "",
            "Examples:",
            "  mien experiment --data schematic --out runs/schematic",
            "  mien experiment --data archive.zip --out runs/paper --preset paper \\",
            "                  --weights vgg19-dcbb9e9d.pth --seeds 1,2,3"
        })
final class ExperimentCommand extends Subcommand {

    private static final int FOLDS = 5;
    private static final int PAPER_FITS = 25;
    private static final int SMALLEST_SEARCH = 70; // two images of each class in a fold

    @Mixin
    private DataOptions data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
    private Path out;

    @Option(
            names = "--preset",
            paramLabel = "P",
            description =
                    "quick (default): minutes on two cores; paper: the paper's settings; flagship: the strongest from"
                            + " random weights, hours.")
    private Preset preset = Preset.QUICK;

    @Option(
            names = "--backbone",
            paramLabel = "B",
            description = "vgg19, vgg19-bn or compact (default: compact; with the preset paper, vgg19).")
    private BackboneKind backbone;

    @Option(names = "--epochs", paramLabel = "N", description = "At most N epochs (default: the preset's).")
    private Integer epochs;

    @Option(
            names = "--triplet-epochs",
            paramLabel = "N",
            description = "At most N epochs of training with triplet loss (default: as --epochs).")
    private Integer tripletEpochs;

    @Mixin
    private BatchOptions batches;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Peak learning rate of the training with cross entropy (default: the preset's).")
    private Double learningRate;

    @Option(
            names = "--class-weights",
            paramLabel = "W",
            description =
                    "Of the cross entropy: equal, root or balanced (by inverse frequency; default: the preset's).")
    private ClassWeights classWeights;

    @Option(
            names = "--precision",
            paramLabel = "T",
            description = "float32, bfloat16 or, on a GPU, tf32 (default: the preset's).")
    private Precision precision;

    @Mixin
    private LimitOption limit;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description = "One whole repetition each (default: --seed).")
    private List<Long> seeds;

    @Option(
            names = "--search",
            paramLabel = "N",
            description =
                    "Fits per classifier in the random search, a multiple of 5 (default: 0; with the preset paper, 25).")
    private Integer search;

    @Option(
            names = "--search-rows",
            paramLabel = "N",
            description = "Training images that the search sees, drawn class by class (default: all).")
    private int searchRows = ExperimentOptions.ALL;

    @Option(
            names = "--classifiers",
            paramLabel = "S",
            description =
                    "Settings of the classifiers: quick, or paper, in full (default: quick; with the preset paper, paper).")
    private ClassifierPreset classifiers;

    @Option(
            names = "--features",
            paramLabel = "F",
            description =
                    "What classifiers are fitted on: features of plain (default) training images, or of augmented copies,"
                            + " changed at random as in training (not with the preset paper).")
    private TrainingFeatures features = TrainingFeatures.PLAIN;

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "Start from a mien model or torchvision's weights (safetensors or PyTorch).")
    private Path weights;

    @Option(names = "--resume", description = "Keep what an earlier run finished in the folder.")
    private boolean resume;

    @Override
    void run(Console console) throws IOException {
        boolean paper = preset == Preset.PAPER;
        int fits = search != null ? search : paper ? PAPER_FITS : 0;
        if (fits < 0 || fits % FOLDS != 0) {
            throw usage("--search must be a multiple of 5 (folds), not " + fits);
        }
        if (searchRows < SMALLEST_SEARCH) {
            throw usage("--search-rows must be at least %d, not %d".formatted(SMALLEST_SEARCH, searchRows));
        }
        if (paper && features == TrainingFeatures.AUGMENTED) {
            throw usage(
                    "--features augmented does nothing with the preset paper: it draws mirror images, and features are"
                            + " averaged over these already");
        }
        if (precision != null) {
            precision.checkOn(Devices.resolve(global().device()));
        }
        OutputPath.checkFolder(out);
        Dataset images = limit.of(data.open(global().seed), global().seed);
        ExperimentOptions options = new ExperimentOptions(
                preset,
                backbone != null ? backbone : paper ? BackboneKind.VGG19 : BackboneKind.COMPACT,
                new TrainingChanges(
                        epochs,
                        tripletEpochs,
                        batches.batchSize,
                        batches.imagesPerClass,
                        learningRate,
                        classWeights,
                        precision),
                classifiers != null ? classifiers : paper ? ClassifierPreset.PAPER : ClassifierPreset.QUICK,
                seeds == null ? List.of(global().seed) : seeds,
                fits,
                searchRows,
                features,
                weights,
                global().device(),
                global().threads(),
                resume,
                typed());
        Results results = new Experiment(images, options, out, global().progress(console), console::say).run();
        if (global().json) {
            printRaw(Files.readString(out.resolve("results.json")));
        } else {
            printRaw(table(results) + "\nreport: " + out.resolve("report.html") + "\n");
        }
    }

    private static String table(Results results) {
        boolean comparable = PaperFigures.sameData(results.dataset());
        List<String> header = List.of("loss", "classifier", "seed", "test accuracy", "macro F1", "paper");
        int columns = comparable ? header.size() : header.size() - 1;
        TextTable table = new TextTable(2, header.subList(0, columns).toArray(String[]::new));
        for (Results.Run run : results.runs()) {
            if (run.on(Split.TEST)) {
                table.row(cells(run).subList(0, columns).toArray());
            }
        }
        return table.toString();
    }

    private static List<String> cells(Results.Run run) {
        return List.of(
                run.loss(),
                run.classifier(),
                run.seed().toString(),
                percent(run.accuracy()),
                String.format(Locale.ROOT, "%.4f", run.f1()),
                PaperFigures.accuracy(run.split(), run.loss(), run.classifier())
                        .map(ExperimentCommand::percent)
                        .orElse("-"));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }
}
