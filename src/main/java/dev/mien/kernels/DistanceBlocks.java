package dev.mien.kernels;

import dev.mien.internal.Parallel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Supplier;

/**
 * The distances of every anchor of a batch to all of its references, a block of anchors at a time: for what has to see
 * them all. Memory is O((n + m) d) and one block, never n m. Needs no LibTorch.
 */
public final class DistanceBlocks {

    /** How far a distance may be off, relative to itself. One beyond the range of float32 is infinity. */
    public static final double RELATIVE_ERROR = 1e-6;

    /** Distances of one block, 64 MB, unless a single row is longer. */
    private static final int BLOCK = 1 << 24;

    /** Rows that one task visits. */
    private static final int CHUNK = 16;

    /** Sees one anchor at a time; each is used by one thread. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Sees an anchor.
         *
         * @param distances (m) in order of references, the anchor itself among them; overwritten afterwards
         * @param exact the distances of this anchor in float64
         */
        void visit(int anchor, float[] distances, ExactDistances exact);
    }

    private final Batch batch;
    private final Distance distance;
    private final Supplier<Visitor> visitors;
    private final int rows; // references
    private final ExactDistances.Rows anchorRows;
    private final ExactDistances.Rows referenceRows;

    private DistanceBlocks(Batch batch, Distance distance, Supplier<Visitor> visitors) {
        this.batch = batch;
        this.distance = distance;
        this.visitors = visitors;
        rows = batch.references();
        anchorRows = ExactDistances.Rows.of(batch.anchors, batch.columns, distance);
        referenceRows = batch.references == null
                ? anchorRows
                : ExactDistances.Rows.of(batch.references, batch.columns, distance);
    }

    /**
     * Visits every anchor once, several threads at a time and in no order.
     *
     * @param kernels what computes the distances: the native ones, or plain Java in float64 in place of LibTorch
     * @param visitors makes a visitor for each stretch of anchors
     * @throws IllegalArgumentException naming the first row that is not finite
     */
    public static void visit(Batch batch, Distance distance, Kernels kernels, Supplier<Visitor> visitors) {
        batch.requireFinite();
        DistanceBlocks blocks = new DistanceBlocks(batch, distance, visitors);
        if (kernels instanceof NativeKernels nativeKernels) {
            blocks.visitNatively(nativeKernels);
        } else {
            blocks.visitInJava();
        }
    }

    private void visitNatively(NativeKernels kernels) {
        int n = batch.anchors();
        int step = Math.max(1, Math.min(n, BLOCK / Math.max(1, rows)));
        FloatBuffer references = inPlace(batch.compared().values());
        FloatBuffer block = direct((long) step * rows);
        for (int first = 0; first < n; first += step) {
            int start = first;
            int count = Math.min(step, n - first);
            FloatBuffer anchors = batch.anchors.values().slice(first * batch.columns, count * batch.columns);
            kernels.distances(anchors, count, references, rows, batch.columns, distance, block);
            forChunks(count, (low, high) -> {
                Visits visits = new Visits();
                for (int i = low; i < high; i++) {
                    block.get(i * rows, visits.row);
                    visits.visit(start + i);
                }
            });
        }
    }

    private void visitInJava() {
        DistanceRows distances = new DistanceRows(batch, distance);
        forChunks(batch.anchors(), (low, high) -> {
            Visits visits = new Visits();
            double[][] wide = new double[1][rows];
            for (int anchor = low; anchor < high; anchor++) {
                distances.fill(anchor, 1, wide);
                for (int j = 0; j < rows; j++) {
                    visits.row[j] = (float) wide[0][j];
                }
                visits.visit(anchor);
            }
        });
    }

    /** What a stretch of anchors is seen by. */
    private final class Visits {
        private final float[] row = new float[rows];
        private final ExactDistances exact = new ExactDistances(anchorRows, referenceRows, distance);
        private final Visitor visitor = visitors.get();

        void visit(int anchor) {
            exact.moveTo(anchor);
            visitor.visit(anchor, row, exact);
        }
    }

    @FunctionalInterface
    private interface Chunk {
        void run(int low, int high);
    }

    private static void forChunks(int count, Chunk task) {
        Parallel.map((count + CHUNK - 1) / CHUNK, chunk -> {
            task.run(chunk * CHUNK, Math.min(count, (chunk + 1) * CHUNK));
            return chunk;
        });
    }

    /** Memory that native code reads without a copy for every block, where there is room for it. */
    private static FloatBuffer inPlace(FloatBuffer values) {
        if (values.isDirect() || values.remaining() > Integer.MAX_VALUE / Float.BYTES) {
            return values;
        }
        return direct(values.remaining()).put(values.duplicate()).flip();
    }

    private static FloatBuffer direct(long size) {
        return ByteBuffer.allocateDirect(Math.toIntExact(size * Float.BYTES))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
