package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.util.Random;

/** Features like those of a network's last pooling layer: non-negative, half of them zero, class signal under noise. */
record SyntheticFeatures(FloatMatrix features, int[] labels) {

    private static final double[] FER2013_SHARES = {3995, 436, 4097, 7215, 4965, 4830, 3171};
    private static final int LATENT = 24;

    /** Seven classes in FER2013's proportions; {@code signal} 1.0 gives about 62 % accuracy, 3.0 nearly all. */
    static SyntheticFeatures draw(int rows, int columns, double signal, long seed) {
        Random world = new Random(12345); // the world is the same for every seed, so that train and test fit together
        double[][] prototypes = gaussian(world, FER2013_SHARES.length, LATENT, signal * 0.42);
        double[][] mixing = gaussian(world, LATENT, columns, 0.3);
        double[] offset = gaussian(world, 1, columns, 0.5)[0];
        Random random = new Random(seed);
        float[] values = new float[rows * columns];
        int[] labels = new int[rows];
        for (int row = 0; row < rows; row++) {
            labels[row] = label(random);
            double[] latent = new double[LATENT];
            for (int k = 0; k < LATENT; k++) {
                latent[k] = prototypes[labels[row]][k] + random.nextGaussian();
            }
            for (int column = 0; column < columns; column++) {
                double value = offset[column] - 0.5 + 0.4 * random.nextGaussian();
                for (int k = 0; k < LATENT; k++) {
                    value += latent[k] * mixing[k][column];
                }
                values[row * columns + column] = (float) Math.max(0, value);
            }
        }
        return new SyntheticFeatures(new FloatMatrix(values, rows, columns), labels);
    }

    /** The share of rows on which {@code predicted} is right. */
    double accuracy(int[] predicted) {
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            right += predicted[row] == labels[row] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    private static int label(Random random) {
        double draw = random.nextDouble() * 28709;
        int label = 0;
        while (label < FER2013_SHARES.length - 1 && draw >= FER2013_SHARES[label]) {
            draw -= FER2013_SHARES[label++];
        }
        return label;
    }

    private static double[][] gaussian(Random random, int rows, int columns, double scale) {
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int column = 0; column < columns; column++) {
                row[column] = scale * random.nextGaussian();
            }
        }
        return values;
    }
}
