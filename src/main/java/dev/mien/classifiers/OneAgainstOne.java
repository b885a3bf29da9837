package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Downloads;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One two-class machine per pair of classes (a, b), a below b, in lexicographic order; each votes and the lowest class
 * with most votes wins, as in LIBSVM.
 *
 * @param scaler applied to the features first
 * @param classes number of classes k
 * @param gamma of the kernel
 * @param vectors (s, d) scaled rows that support at least one pair
 * @param coefficients (s, k (k-1) / 2) of each vector in each pair
 * @param bias (k (k-1) / 2) per pair; a pair with an absent class is decided by bias alone
 */
record OneAgainstOne(
        Scaler scaler, int classes, float gamma, FloatMatrix vectors, FloatMatrix coefficients, float[] bias) {

    private static final int PREDICTED_AT_ONCE = 1024; // with 25,000 support vectors a block of the kernel is 100 MB
    private static final int LARGEST_PAIR = 30_000; // its kernel takes 3.6 GB

    /** Rows of two classes, the first as +1, and how they are told apart. */
    private record Pair(int[] rows, SmoSolver.Solution solution) {}

    /** Fits features (n, d); {@code penalties} (classes) is C per class. */
    static OneAgainstOne fit(
            FloatMatrix features, int[] labels, int classes, double gamma, float[] penalties, int threads) {
        Scaler scaler = Scaler.fit(features);
        FloatMatrix scaled = scaler.apply(features);
        int[][] pairs = pairs(classes);
        Pair[] solved = new Pair[pairs.length];
        Workers.run(
                threads,
                pairs.length,
                pair -> solved[pair] = solve(scaled, labels, pairs[pair][0], pairs[pair][1], gamma, penalties));
        return collect(scaler, classes, gamma, scaled, solved);
    }

    /** Predicted classes (n) of features (n, d). */
    int[] predict(FloatMatrix features) {
        int[] predicted = new int[features.rows()];
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor support = Tensors.of(vectors);
            Tensor weights = Tensors.of(coefficients);
            Tensor offsets = Tensor.create(bias);
            for (int from = 0; from < predicted.length; from += PREDICTED_AT_ONCE) {
                int to = Math.min(from + PREDICTED_AT_ONCE, predicted.length);
                try (PointerScope block = new PointerScope()) {
                    FloatMatrix rows = scaler.apply(
                            features.select(IntStream.range(from, to).toArray()));
                    Tensor kernel = RbfKernel.of(Tensors.of(rows), support, gamma);
                    vote(Downloads.floats(torch.addmm(offsets, kernel, weights)), predicted, from, to);
                }
            }
        }
        return predicted;
    }

    int columns() {
        return vectors.columns();
    }

    int supportVectors() {
        return vectors.rows();
    }

    byte[] toBytes() {
        return new Payload.Writer()
                .floats(scaler.mean())
                .floats(scaler.factor())
                .floats(new float[] {gamma})
                .number(vectors.rows())
                .floats(vectors.values())
                .floats(coefficients.values())
                .floats(bias)
                .toBytes();
    }

    /** Reads what {@link #toBytes} wrote; {@link IOException} says what does not fit. */
    static OneAgainstOne ofBytes(byte[] payload, int classes, int columns) throws IOException {
        Payload.Reader in = new Payload.Reader(payload);
        Scaler scaler = new Scaler(in.floats(columns), in.floats(columns));
        float gamma = in.floats(1)[0];
        int rows = in.number(1, Integer.MAX_VALUE);
        long pairs = (long) classes * (classes - 1) / 2;
        FloatMatrix vectors = new FloatMatrix(in.floats((long) rows * columns), rows, columns);
        FloatMatrix coefficients = new FloatMatrix(in.floats(rows * pairs), rows, Math.toIntExact(pairs));
        float[] bias = in.floats(pairs);
        in.end();
        return new OneAgainstOne(scaler, classes, gamma, vectors, coefficients, bias);
    }

    private void vote(float[] decisions, int[] predicted, int from, int to) {
        for (int row = from; row < to; row++) {
            int[] votes = new int[classes];
            int pair = (row - from) * bias.length;
            for (int a = 0; a < classes; a++) {
                for (int b = a + 1; b < classes; b++) {
                    votes[decisions[pair++] > 0 ? a : b]++;
                }
            }
            for (int label = 1; label < classes; label++) {
                predicted[row] = votes[label] > votes[predicted[row]] ? label : predicted[row];
            }
        }
    }

    private static Pair solve(FloatMatrix scaled, int[] labels, int a, int b, double gamma, float[] penalties) {
        int[] rows = IntStream.range(0, labels.length)
                .filter(row -> labels[row] == a || labels[row] == b)
                .toArray();
        int[] y = Arrays.stream(rows).map(row -> labels[row] == a ? 1 : -1).toArray();
        long positive = Arrays.stream(y).filter(sign -> sign > 0).count();
        if (positive == 0 || positive == rows.length) {
            // an absent class never gets a vote against a present one
            return new Pair(rows, new SmoSolver.Solution(new float[rows.length], positive == 0 ? -1 : 1));
        }
        if (rows.length > LARGEST_PAIR) {
            throw new IllegalArgumentException(
                    "classes %d and %d have %d rows together, above the %d whose kernel fits; lower max rows"
                            .formatted(a, b, rows.length, LARGEST_PAIR));
        }
        double[] bound =
                Arrays.stream(rows).mapToDouble(row -> penalties[labels[row]]).toArray();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor kernel = RbfKernel.of(scaled.select(rows), gamma);
            FloatBuffer values =
                    kernel.data_ptr_float().capacity(kernel.numel()).asBuffer();
            return new Pair(rows, SmoSolver.solve(values, y, bound));
        }
    }

    /** Gathers the rows that support any pair; one row is kept even if none does. */
    private static OneAgainstOne collect(Scaler scaler, int classes, double gamma, FloatMatrix scaled, Pair[] solved) {
        float[][] perRow = new float[scaled.rows()][];
        perRow[0] = new float[solved.length];
        float[] bias = new float[solved.length];
        for (int pair = 0; pair < solved.length; pair++) {
            bias[pair] = solved[pair].solution.bias();
            float[] coefficient = solved[pair].solution.coefficient();
            for (int i = 0; i < coefficient.length; i++) {
                if (coefficient[i] != 0) {
                    int row = solved[pair].rows[i];
                    perRow[row] = perRow[row] == null ? new float[solved.length] : perRow[row];
                    perRow[row][pair] = coefficient[i];
                }
            }
        }
        int[] support = IntStream.range(0, perRow.length)
                .filter(row -> perRow[row] != null)
                .toArray();
        float[] coefficients = new float[support.length * solved.length];
        for (int i = 0; i < support.length; i++) {
            System.arraycopy(perRow[support[i]], 0, coefficients, i * solved.length, solved.length);
        }
        return new OneAgainstOne(
                scaler,
                classes,
                (float) gamma,
                scaled.select(support),
                new FloatMatrix(coefficients, support.length, solved.length),
                bias);
    }

    private static int[][] pairs(int classes) {
        return IntStream.range(0, classes)
                .boxed()
                .flatMap(a -> IntStream.range(a + 1, classes).mapToObj(b -> new int[] {a, b}))
                .toArray(int[][]::new);
    }
}
