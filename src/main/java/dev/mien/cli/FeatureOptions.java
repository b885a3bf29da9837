package dev.mien.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Embeddings with their labels. */
final class FeatureOptions {

    @Option(names = "--embeddings", required = true, paramLabel = "E.npy", description = "float32 (n, d).")
    Path embeddings;

    @Option(names = "--labels", required = true, paramLabel = "Y.npy", description = "int64 (n).")
    Path labels;
}
