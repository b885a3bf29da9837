package dev.mien.bench;

import dev.mien.kernels.Triplets;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;

/** Single distances in float64, for checks. */
final class OracleDistances {

    private static final int MEAN_OVER = 1 << 16;

    private final Workload workload;
    private final Tensor rows; // on the CPU
    private final FloatPointer values;
    private final float[] a;
    private final float[] b;

    OracleDistances(Input input) {
        workload = input.workload();
        rows = input.rows().cpu();
        values = new FloatPointer(rows.data_ptr());
        a = new float[workload.d()];
        b = new float[workload.d()];
    }

    /** The distance of two rows. */
    double of(long row, long other) {
        values.position(row * a.length).get(a);
        values.position(other * a.length).get(b);
        double squares = 0;
        double magnitudes = 0;
        double product = 0;
        double lengths = 0;
        double otherLengths = 0;
        for (int k = 0; k < a.length; k++) {
            double difference = (double) a[k] - b[k];
            squares += difference * difference;
            magnitudes += Math.abs(difference);
            product += (double) a[k] * b[k];
            lengths += (double) a[k] * a[k];
            otherLengths += (double) b[k] * b[k];
        }
        return switch (workload.distance()) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> magnitudes;
            case COSINE -> 1 - product / Math.sqrt(lengths * otherLengths);
        };
    }

    /** Whether two rows are one, or as far from a third up to {@code tolerance}, relative. */
    boolean agree(long anchor, long row, long other, double tolerance) {
        if (row == other) {
            return true;
        }
        double first = of(anchor, row);
        double second = of(anchor, other);
        return Math.abs(first - second) <= tolerance * Math.max(first, second);
    }

    /** The mean distance between anchors and negatives, of an even sample of many triplets. */
    double meanNegative(Triplets triplets) {
        int step = Math.max(1, triplets.size() / MEAN_OVER);
        double sum = 0;
        int count = 0;
        for (int i = 0; i < triplets.size(); i += step) {
            sum += of(triplets.anchor()[i], triplets.negative()[i]);
            count++;
        }
        return sum / count;
    }
}
