package dev.mien.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.data.Augmentation;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.internal.AtomicFiles;
import dev.mien.internal.Progress;
import dev.mien.training.Devices;
import dev.mien.training.Embedder;
import dev.mien.training.LossKind;
import dev.mien.training.Preset;
import dev.mien.training.TrainingSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien embed}: features of one split. */
@Command(
        name = "embed",
        header = "Write a model's embeddings of one split.",
        description = "Embeddings are the features at the global average pool, averaged over views of each image,"
                + " of unit length for triplet models. The folder gets embeddings.npy float32 (n, d), labels.npy int64 (n)"
                + " and names.txt, n lines. With --augmented N, rows are N copies of each image, changed at random as in"
                + " training, all images before their next copies: row i is image i mod n. For classifiers on the"
                + " features of a network that knows its training images by heart. Mirrored views undo mirror images,"
                + " which on 48 pixels are all that the preset paper draws.",
        footer = {
            "",
            "Examples:",
            "  mien embed --model M.safetensors --data archive.zip --split train --out train",
            "  mien embed --model M.safetensors --data archive.zip --split train \\",
            "             --augmented 2 --out train-augmented",
            "  mien embed --model M.safetensors --data schematic:300 --split test --out test"
        })
final class EmbedCommand extends Subcommand {

    @Mixin
    private ModelOption model;

    @Mixin
    private DataOptions data;

    @Option(names = "--split", required = true, paramLabel = "S", description = "train, validation or test.")
    private Split split;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
    private Path out;

    @Option(
            names = "--views",
            paramLabel = "V",
            description = "Average over plain, mirrored (default) or ten-crop views.")
    private ViewSet views = ViewSet.MIRRORED;

    @Option(
            names = "--augmented",
            paramLabel = "N",
            description = "N copies of each image, changed at random by --seed, instead of the image (default: 0).")
    private int augmented;

    @Option(
            names = "--preset",
            paramLabel = "P",
            description = "Whose training --augmented follows: quick (default), paper or flagship.")
    private Preset preset;

    @Option(names = "--precision", paramLabel = "T", description = "float32 (default), bfloat16 or, on a GPU, tf32.")
    private Precision precision = Precision.FLOAT32;

    /** The result as JSON. */
    private record Summary(
            Path out,
            Split split,
            int rows,
            int columns,
            boolean normalised,
            @JsonInclude(Include.NON_NULL) Integer augmented) {}

    @Override
    void run(Console console) throws IOException {
        if (augmented < 0) {
            throw usage("--augmented must be 0 or more, not " + augmented);
        }
        if (preset != null && augmented == 0) {
            throw usage("--preset is for --augmented alone");
        }
        OutputPath.checkFolder(out);
        try (ModelFile file = model.open()) {
            FaceImages images = data.open(global().seed).split(split).repeated(Math.max(1, augmented));
            file.backbone().moveTo(Devices.open(global().device()));
            file.backbone().setPrecision(precision);
            FloatMatrix embeddings = embed(file, images, global().progress(console));
            Npy.write(out.resolve("embeddings.npy"), embeddings);
            Npy.write(
                    out.resolve("labels.npy"),
                    Arrays.stream(images.labels()).asLongStream().toArray());
            byte[] names = (String.join("\n", images.names()) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFiles.write(out.resolve("names.txt"), to -> to.write(names));
            print(
                    new Summary(
                            out,
                            split,
                            embeddings.rows(),
                            embeddings.columns(),
                            file.normalised(),
                            augmented == 0 ? null : augmented),
                    "%s: %d x %d embeddings of the %s split"
                            .formatted(out, embeddings.rows(), embeddings.columns(), split.word()));
        }
    }

    private FloatMatrix embed(ModelFile file, FaceImages images, Progress progress) {
        if (augmented == 0) {
            return Embedder.embed(file.backbone(), images, views, file.normalised(), progress);
        }
        Augmentation augmentation = TrainingSettings.of(
                        preset == null ? Preset.QUICK : preset, LossKind.CROSS_ENTROPY) // the same for every loss
                .augmentation();
        return Embedder.embedAugmented(
                file.backbone(), images, views, augmentation, global().seed, file.normalised(), progress);
    }
}
