package dev.mien.recognition;

/**
 * Brings a rectangle of a picture to a square of another size: each new pixel is the mean over the area it covers where
 * the picture shrinks, and interpolated linearly between pixel centres where it grows. Places beyond the border take
 * the border's level.
 */
final class Resampling {

    private Resampling() {}

    /** The level of the pixel in column x of row y. */
    @FunctionalInterface
    interface Levels {
        float at(int x, int y);
    }

    /**
     * Which old pixels a new one is made of.
     *
     * @param first (n) the first of them
     * @param weights (n, any) of it and those that follow; each row sums to 1
     */
    private record Axis(int[] first, float[][] weights) {

        static Axis of(int start, int length, int size) {
            int[] first = new int[size];
            float[][] weights = new float[size][];
            double scale = (double) length / size;
            for (int i = 0; i < size; i++) {
                if (scale > 1) {
                    area(start + i * scale, scale, first, weights, i);
                } else {
                    between(start + (i + 0.5) * scale - 0.5, first, weights, i);
                }
            }
            return new Axis(first, weights);
        }

        private static void area(double from, double length, int[] first, float[][] weights, int i) {
            double to = from + length;
            int low = (int) Math.floor(from);
            int high = (int) Math.ceil(to - 1e-9);
            first[i] = low;
            weights[i] = new float[high - low];
            for (int j = low; j < high; j++) {
                weights[i][j - low] = (float) ((Math.min(to, j + 1) - Math.max(from, j)) / length);
            }
        }

        private static void between(double centre, int[] first, float[][] weights, int i) {
            first[i] = (int) Math.floor(centre);
            float right = (float) (centre - first[i]);
            weights[i] = right == 0 ? new float[] {1} : new float[] {1 - right, right};
        }
    }

    /**
     * A square of {@code size} pixels made of a rectangle.
     *
     * @param width of the picture, in pixels
     * @param height of the picture, in pixels
     * @return (size, size), row-major
     */
    static float[] square(Levels levels, int width, int height, FaceBox box, int size) {
        Axis columns = Axis.of(box.x(), box.width(), size);
        Axis rows = Axis.of(box.y(), box.height(), size);
        float[] square = new float[size * size];
        float[] line = new float[size];
        int done = Integer.MIN_VALUE; // the old row that the line was made of: two new rows may share one
        for (int i = 0; i < size; i++) {
            for (int j = 0; j < rows.weights[i].length; j++) {
                int row = Math.max(0, Math.min(height - 1, rows.first[i] + j));
                if (row != done) {
                    squeeze(levels, row, width, columns, line);
                    done = row;
                }
                for (int x = 0; x < size; x++) {
                    square[i * size + x] += rows.weights[i][j] * line[x];
                }
            }
        }
        return square;
    }

    private static void squeeze(Levels levels, int row, int width, Axis columns, float[] line) {
        for (int x = 0; x < line.length; x++) {
            float[] weights = columns.weights[x];
            float sum = 0;
            for (int j = 0; j < weights.length; j++) {
                sum += weights[j] * levels.at(Math.max(0, Math.min(width - 1, columns.first[x] + j)), row);
            }
            line[x] = sum;
        }
    }
}
