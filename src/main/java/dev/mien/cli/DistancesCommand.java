package dev.mien.cli;

import dev.mien.data.FloatMatrix;
import dev.mien.data.Npy;
import dev.mien.kernels.Distance;
import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code mien distances}: all distances between two sets of rows. Needs no LibTorch unless MIEN_KERNELS=torch. */
@Command(
        name = "distances",
        header = "Write all distances between the rows of two matrices.",
        description =
                "Smaller is closer, for every distance. The environment variable MIEN_KERNELS chooses the kernels:"
                        + " native (default) or torch.",
        footer = {
            "",
            "Examples:",
            "  mien distances --a E.npy --distance cosine --out D.npy",
            "  mien distances --a A.npy --b B.npy --distance manhattan --out D.npy"
        })
final class DistancesCommand extends Subcommand {

    @Option(names = "--a", required = true, paramLabel = "A.npy", description = "float32 (n, d).")
    private Path a;

    @Option(names = "--b", paramLabel = "B.npy", description = "float32 (m, d) (default: A itself).")
    private Path b;

    @Option(
            names = "--distance",
            required = true,
            paramLabel = "D",
            description = "euclidean, squared-euclidean, manhattan or cosine.")
    private Distance distance;

    @Option(names = "--out", required = true, paramLabel = "D.npy", description = "Distances to write, float32 (n, m).")
    private Path out;

    /** The result as JSON. */
    private record Summary(Path out, int rows, int columns, Distance distance, String kernels, double seconds) {}

    @Override
    void run(Console console) throws IOException {
        OutputPath.checkFile(out);
        FloatMatrix rows = ArrayFiles.embeddings(a);
        FloatMatrix columns = b == null ? rows : ArrayFiles.embeddings(b);
        if (rows.columns() != columns.columns()) {
            throw new IllegalArgumentException(
                    "%s has %d columns but %s has %d".formatted(a, rows.columns(), b, columns.columns()));
        }
        Kernels kernels = Kernels.preferred();
        long started = System.nanoTime();
        FloatMatrix distances = distances(kernels, rows, columns);
        double seconds = (System.nanoTime() - started) / 1e9;
        String description = kernels.description(global().deviceOfArrays());
        Npy.write(out, distances);
        print(
                new Summary(out, distances.rows(), distances.columns(), distance, description, seconds),
                String.format(
                        Locale.ROOT,
                        "%s: %d x %d %s distances by %s in %.3f s",
                        out,
                        distances.rows(),
                        distances.columns(),
                        distance.word(),
                        description,
                        seconds));
    }

    private FloatMatrix distances(Kernels kernels, FloatMatrix rows, FloatMatrix columns) {
        long size = (long) rows.rows() * columns.rows();
        if (size > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException(
                    "%d x %d distances are more than one array holds; split %s into fewer rows"
                            .formatted(rows.rows(), columns.rows(), a));
        }
        String device = global().deviceOfArrays();
        if (!(kernels instanceof NativeKernels) || device.equals("cuda")) {
            return TorchArrays.distances(kernels, rows, columns, distance, device);
        }
        float[] values = new float[(int) size];
        ((NativeKernels) kernels)
                .distances(
                        FloatBuffer.wrap(rows.values()),
                        rows.rows(),
                        FloatBuffer.wrap(columns.values()),
                        columns.rows(),
                        rows.columns(),
                        distance,
                        FloatBuffer.wrap(values));
        return new FloatMatrix(values, rows.rows(), columns.rows());
    }
}
