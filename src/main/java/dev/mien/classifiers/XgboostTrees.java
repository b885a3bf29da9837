package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A fitted XGBoost model (Chen and Guestrin 2016) and its native memory. */
final class XgboostTrees implements AutoCloseable {

    private final Booster booster;
    private final int classes;
    private final int columns;
    private boolean closed;

    private XgboostTrees(Booster booster, int classes, int columns) {
        this.booster = booster;
        this.classes = classes;
        this.columns = columns;
    }

    /** Fits {@code rounds} rounds with XGBoost's own parameter names in {@code chosen}. */
    static XgboostTrees fit(
            FloatMatrix features,
            int[] labels,
            int classes,
            Map<String, Object> chosen,
            int rounds,
            ClassWeighting weighting) {
        Map<String, Object> parameters = new LinkedHashMap<>(chosen);
        parameters.put("objective", "multi:softprob");
        parameters.put("num_class", classes);
        parameters.put("tree_method", "hist");
        parameters.put("verbosity", 0);
        DMatrix rows = null;
        try {
            rows = new DMatrix(features.values(), features.rows(), features.columns(), Float.NaN);
            rows.setLabel(floats(labels));
            rows.setWeight(rowWeights(labels, weighting.weights(labels, classes)));
            Booster booster = XGBoost.train(rows, parameters, rounds, Map.of(), null, null);
            return new XgboostTrees(booster, classes, features.columns());
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost cannot fit: " + firstLine(e), e);
        } finally {
            if (rows != null) {
                rows.dispose();
            }
        }
    }

    /** Predicted classes (n) of features (n, d). */
    int[] predict(FloatMatrix features) {
        return argmax(rows(features));
    }

    /** Class probabilities (n, classes) of features (n, d). */
    FloatMatrix probabilities(FloatMatrix features) {
        float[][] rows = rows(features);
        float[] values = new float[rows.length * classes];
        for (int row = 0; row < rows.length; row++) {
            System.arraycopy(rows[row], 0, values, row * classes, classes);
        }
        return new FloatMatrix(values, rows.length, classes);
    }

    /** Class probabilities, a row each. */
    private synchronized float[][] rows(FloatMatrix features) {
        checkOpen();
        DMatrix rows = null;
        try {
            if (features.rows() == 0) {
                return new float[0][];
            }
            rows = new DMatrix(features.values(), features.rows(), features.columns(), Float.NaN);
            return booster.predict(rows);
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost cannot predict: " + firstLine(e), e);
        } finally {
            if (rows != null) {
                rows.dispose();
            }
        }
    }

    int classes() {
        return classes;
    }

    int columns() {
        return columns;
    }

    synchronized byte[] toBytes() {
        checkOpen();
        try {
            return booster.toByteArray("ubj");
        } catch (XGBoostError e) {
            throw new IllegalStateException("XGBoost cannot save: " + firstLine(e), e);
        }
    }

    /** Reads what {@link #toBytes} wrote; {@link IOException} says what does not fit. */
    static XgboostTrees ofBytes(byte[] payload, int classes, int columns, int threads) throws IOException {
        Booster booster = null;
        try {
            booster = XGBoost.loadModel(payload);
            booster.setParam("nthread", threads);
            booster.setParam("verbosity", 0);
            if (booster.getNumFeature() != columns) {
                throw new IOException("its trees take %d features, not %d".formatted(booster.getNumFeature(), columns));
            }
            XgboostTrees trees = new XgboostTrees(booster, classes, columns);
            trees.checkClasses();
            return trees;
        } catch (XGBoostError | IOException e) {
            if (booster != null) {
                booster.dispose();
            }
            throw e instanceof IOException cause
                    ? cause
                    : new IOException("XGBoost cannot read it: " + firstLine(e), e);
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            booster.dispose();
        }
    }

    private void checkClasses() throws IOException, XGBoostError {
        DMatrix one = new DMatrix(new float[columns], 1, columns, Float.NaN);
        try {
            int found = booster.predict(one)[0].length;
            if (found != classes) {
                throw new IOException("its trees tell %d classes apart, not %d".formatted(found, classes));
            }
        } finally {
            one.dispose();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the classifier is closed");
        }
    }

    private static int[] argmax(float[][] probabilities) {
        int[] best = new int[probabilities.length];
        for (int row = 0; row < best.length; row++) {
            for (int label = 1; label < probabilities[row].length; label++) {
                if (probabilities[row][label] > probabilities[row][best[row]]) {
                    best[row] = label;
                }
            }
        }
        return best;
    }

    private static float[] floats(int[] labels) {
        float[] values = new float[labels.length];
        for (int row = 0; row < labels.length; row++) {
            values[row] = labels[row];
        }
        return values;
    }

    private static float[] rowWeights(int[] labels, float[] classWeights) {
        float[] weights = new float[labels.length];
        for (int row = 0; row < labels.length; row++) {
            weights[row] = classWeights[labels[row]];
        }
        return weights;
    }

    /** XGBoost's messages end in a C++ stack trace. */
    private static String firstLine(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse("no reason given")
                .trim();
    }
}
