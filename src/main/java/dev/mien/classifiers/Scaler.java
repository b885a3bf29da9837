package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.util.Arrays;

/**
 * Standardises features to mean 0 and standard deviation 1 per column, by the statistics of the rows it was fitted on.
 *
 * @param mean (d) subtracted from each column
 * @param factor (d) then multiplied; 0 for a column that was constant
 */
record Scaler(float[] mean, float[] factor) {

    /** Takes the statistics of (n, d) features, n at least 1. */
    static Scaler fit(FloatMatrix features) {
        int columns = features.columns();
        double[] sum = new double[columns];
        double[] squares = new double[columns];
        float[] values = features.values();
        for (int i = 0, column = 0; i < values.length; i++, column = column + 1 == columns ? 0 : column + 1) {
            sum[column] += values[i];
        }
        for (int column = 0; column < columns; column++) {
            sum[column] /= features.rows();
        }
        for (int i = 0, column = 0; i < values.length; i++, column = column + 1 == columns ? 0 : column + 1) {
            double centred = values[i] - sum[column];
            squares[column] += centred * centred;
        }
        float[] mean = new float[columns];
        float[] factor = new float[columns];
        for (int column = 0; column < columns; column++) {
            mean[column] = (float) sum[column];
            double deviation = Math.sqrt(squares[column] / features.rows());
            // rounding leaves a constant column a deviation of about 1e-7 of its mean; dividing by that is dividing by
            // noise
            factor[column] =
                    deviation <= 1e-6 * Math.abs(sum[column]) || deviation < 1e-30 ? 0 : (float) (1 / deviation);
        }
        return new Scaler(mean, factor);
    }

    /** A scaler of d columns that changes nothing. */
    static Scaler identity(int columns) {
        float[] ones = new float[columns];
        Arrays.fill(ones, 1);
        return new Scaler(new float[columns], ones);
    }

    /** The scaled copy of features (n, d). */
    FloatMatrix apply(FloatMatrix features) {
        int columns = features.columns();
        float[] scaled = new float[features.values().length];
        for (int i = 0, column = 0; i < scaled.length; i++, column = column + 1 == columns ? 0 : column + 1) {
            scaled[i] = (features.values()[i] - mean[column]) * factor[column];
        }
        return new FloatMatrix(scaled, features.rows(), columns);
    }
}
