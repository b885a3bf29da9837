package dev.mien.cli;

import dev.mien.backbones.ModelFile;
import dev.mien.backbones.Precision;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.data.Split;
import dev.mien.data.ViewSet;
import dev.mien.internal.AtomicFiles;
import dev.mien.training.Devices;
import dev.mien.training.Embedder;
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
                + " and names.txt, n lines.",
        footer = {
            "",
            "Examples:",
            "  mien embed --model M.safetensors --data archive.zip --split train --out train",
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

    @Option(names = "--precision", paramLabel = "T", description = "float32 (default), bfloat16 or, on a GPU, tf32.")
    private Precision precision = Precision.FLOAT32;

    /** The result as JSON. */
    private record Summary(Path out, Split split, int rows, int columns, boolean normalised) {}

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFolder(out);
        try (ModelFile file = model.open()) {
            FaceImages images = data.open(global().seed).split(split);
            file.backbone().moveTo(Devices.open(global().device()));
            file.backbone().setPrecision(precision);
            FloatMatrix embeddings =
                    Embedder.embed(file.backbone(), images, views, file.normalised(), global().progress(console));
            Npy.write(out.resolve("embeddings.npy"), embeddings);
            Npy.write(
                    out.resolve("labels.npy"),
                    Arrays.stream(images.labels()).asLongStream().toArray());
            byte[] names = (String.join("\n", images.names()) + "\n").getBytes(StandardCharsets.UTF_8);
            AtomicFiles.write(out.resolve("names.txt"), to -> to.write(names));
            print(
                    new Summary(out, split, embeddings.rows(), embeddings.columns(), file.normalised()),
                    "%s: %d x %d embeddings of the %s split"
                            .formatted(out, embeddings.rows(), embeddings.columns(), split.word()));
        }
    }
}
