package dev.mien.evaluation;

import dev.mien.data.FloatMatrix;
import dev.mien.internal.Parallel;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;

/**
 * Embeddings in the plane of their two first principal components, exactly: by the eigenvectors of their (d, d)
 * covariance. A component points to the side of its largest coordinate, so that equal input gives an equal picture.
 *
 * @param x (n) along the first component
 * @param y (n) along the second; zeros where there is but one column
 * @param shareX share of the variance that the first explains, in 0..1; NaN when all rows are equal
 * @param shareY the same of the second
 */
public record Projection(double[] x, double[] y, double shareX, double shareY) {

    /**
     * Projects embeddings.
     *
     * @param embeddings (n, d), finite, at least one row
     * @throws IllegalArgumentException without a row or a column
     */
    public static Projection of(FloatMatrix embeddings) {
        int columns = embeddings.columns();
        if (embeddings.rows() == 0 || columns == 0) {
            throw new IllegalArgumentException(
                    "a matrix (%d, %d) cannot be projected".formatted(embeddings.rows(), columns));
        }
        double[] means = means(embeddings);
        double[][] covariance = covariance(embeddings, means);
        double total = 0;
        double largest = 0;
        for (int k = 0; k < columns; k++) {
            total += covariance[k][k];
            largest = Math.max(largest, covariance[k][k]);
        }
        for (double[] row : covariance) { // the decomposition knows only absolute tolerances
            for (int k = 0; k < columns && largest > 0; k++) {
                row[k] /= largest;
            }
        }
        EigenDecomposition found = new EigenDecomposition(new Array2DRowRealMatrix(covariance, false));
        double[] values = found.getRealEigenvalues();
        double[] first = direction(found, 0);
        double[] second = columns > 1 ? direction(found, 1) : new double[1];
        return new Projection(
                along(first, embeddings, means),
                along(second, embeddings, means),
                values[0] * largest / total,
                columns > 1 ? Math.max(0, values[1]) * largest / total : 0);
    }

    private static double[] means(FloatMatrix embeddings) {
        double[] means = new double[embeddings.columns()];
        for (int i = 0; i < embeddings.values().length; i++) {
            means[i % means.length] += embeddings.values()[i];
        }
        for (int k = 0; k < means.length; k++) {
            means[k] /= embeddings.rows();
        }
        return means;
    }

    /** Each row of it is summed by one task over all embeddings, so that threads change nothing. */
    private static double[][] covariance(FloatMatrix embeddings, double[] means) {
        int columns = means.length;
        int step = Math.max(1, (columns + 15) / 16);
        double[][] covariance = new double[columns][columns];
        Parallel.map((columns + step - 1) / step, task -> {
            double[] row = new double[columns];
            for (int i = 0; i < embeddings.rows(); i++) {
                centred(embeddings, i, means, row);
                for (int a = task * step; a < Math.min(columns, (task + 1) * step); a++) {
                    addScaled(row[a], row, a, covariance[a]);
                }
            }
            return task;
        });
        for (int a = 0; a < columns; a++) {
            for (int b = 0; b < columns; b++) {
                covariance[a][b] = b < a ? covariance[b][a] : covariance[a][b] / embeddings.rows();
            }
        }
        return covariance;
    }

    private static void addScaled(double factor, double[] row, int from, double[] sums) {
        for (int b = from; b < row.length; b++) {
            sums[b] += factor * row[b];
        }
    }

    private static void centred(FloatMatrix embeddings, int i, double[] means, double[] row) {
        int first = i * means.length;
        for (int k = 0; k < means.length; k++) {
            row[k] = embeddings.values()[first + k] - means[k];
        }
    }

    private static double[] direction(EigenDecomposition found, int component) {
        double[] direction = found.getEigenvector(component).toArray();
        double largest = 0;
        for (double value : direction) {
            largest = Math.abs(value) > Math.abs(largest) ? value : largest;
        }
        for (int k = 0; k < direction.length && largest < 0; k++) {
            direction[k] = -direction[k];
        }
        return direction;
    }

    private static double[] along(double[] direction, FloatMatrix embeddings, double[] means) {
        double[] row = new double[means.length];
        double[] coordinates = new double[embeddings.rows()];
        for (int i = 0; i < coordinates.length; i++) {
            centred(embeddings, i, means, row);
            for (int k = 0; k < row.length; k++) {
                coordinates[i] += direction[k] * row[k];
            }
        }
        return coordinates;
    }
}
