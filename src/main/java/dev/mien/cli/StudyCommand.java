package dev.mien.cli;

import dev.mien.data.Dataset;
import dev.mien.evaluation.StudyResults;
import dev.mien.experiment.TripletStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mien study}: when triplet loss helps. */
@Command(
        name = "study",
        header = "Measure when triplet loss helps, against cross entropy.",
        description =
                "Trains a base model with cross entropy for each seed, goes on from there in many ways on the same"
                        + " number of steps (distances, miners, margins, batches, label noise, joint losses, memory),"
                        + " fits five classifiers on the embeddings of each and compares them on the test split. What"
                        + " is finished lies in the folder and is kept. The folder gets study.md, study.json and"
                        + " drawings.",
        footer = {
            "",
            "Examples:",
            "  mien study --data archive.zip --out study --seeds 1,2,3",
            "  mien study --data archive.zip --out study \\",
            "             --variants cross-entropy,triplet,joint-0.3"
        })
final class StudyCommand extends Subcommand {

    @Mixin
    private DataOptions data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder to write.")
    private Path out;

    @Option(
            names = "--seeds",
            split = ",",
            paramLabel = "N",
            description = "One whole repetition each (default: --seed).")
    private List<Long> seeds;

    @Option(names = "--epochs", paramLabel = "N", description = "Epochs of the base model (default: 10).")
    private int epochs = 10;

    @Option(
            names = "--variants",
            split = ",",
            paramLabel = "V",
            description = "Only these (default: all). The first is what the others are compared with.")
    private List<String> variants = List.of();

    @Mixin
    private LimitOption limit;

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFolder(out);
        TripletStudy.Options options = options();
        Dataset images = limit.of(data.open(global().seed), global().seed);
        StudyResults results = new TripletStudy(images, options, out, global().progress(console), console::say).run();
        print(results, Files.readString(out.resolve("study.md")));
    }

    private TripletStudy.Options options() {
        try {
            return new TripletStudy.Options(
                    seeds == null ? List.of(global().seed) : seeds,
                    epochs,
                    variants,
                    global().device(),
                    global().threads());
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage());
        }
    }
}
