package dev.mien.miners;

import dev.mien.data.FloatMatrix;
import dev.mien.kernels.Distance;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/** Brute force in float64, written from the definitions: every miner as plain loops over all rows. */
final class MiningOracle {

    final int n;
    final int m;
    final double[][] distance;
    final long[] labels;
    final long[] references;
    final long[] self;
    final double margin;
    final List<long[]> triplets = new ArrayList<>();

    /** Of a batch with itself. */
    MiningOracle(FloatMatrix x, long[] labels, Distance kind, double margin) {
        this(x, labels, x, labels, LongStream.range(0, x.rows()).toArray(), kind, margin);
    }

    /** Of anchors x and references y; self[a] is the row of y that is anchor a, or -1. */
    MiningOracle(
            FloatMatrix x, long[] labels, FloatMatrix y, long[] references, long[] self, Distance kind, double margin) {
        this.n = x.rows();
        this.m = y.rows();
        this.labels = labels;
        this.references = references;
        this.self = self;
        this.margin = margin;
        distance = new double[n][m];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                distance[i][j] = distance(x.row(i), y.row(j), kind);
            }
        }
    }

    static double distance(float[] a, float[] b, Distance kind) {
        double normA = kind == Distance.COSINE ? norm(a) : 1;
        double normB = kind == Distance.COSINE ? norm(b) : 1;
        if (normA == 0 || normB == 0) {
            return 1;
        }
        double squares = 0;
        double absolute = 0;
        for (int k = 0; k < a.length; k++) {
            double difference = a[k] / normA - b[k] / normB;
            squares += difference * difference;
            absolute += Math.abs(difference);
        }
        return switch (kind) {
            case EUCLIDEAN -> Math.sqrt(squares);
            case SQUARED_EUCLIDEAN -> squares;
            case MANHATTAN -> absolute;
            case COSINE -> Math.min(2, squares / 2);
        };
    }

    private static double norm(float[] a) {
        double sum = 0;
        for (float value : a) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    boolean positive(int a, int p) {
        return self[a] != p && labels[a] == references[p];
    }

    boolean negative(int a, int other) {
        return self[a] != other && labels[a] != references[other];
    }

    boolean valid(int a) {
        boolean hasPositive = false;
        boolean hasNegative = false;
        for (int j = 0; j < m; j++) {
            hasPositive |= positive(a, j);
            hasNegative |= negative(a, j);
        }
        return hasPositive && hasNegative;
    }

    private int farthestPositive(int a) {
        int best = -1;
        for (int j = 0; j < m; j++) {
            if (positive(a, j) && (best < 0 || distance[a][j] > distance[a][best])) {
                best = j;
            }
        }
        return best;
    }

    private int nearestPositive(int a) {
        int best = -1;
        for (int j = 0; j < m; j++) {
            if (positive(a, j) && (best < 0 || distance[a][j] < distance[a][best])) {
                best = j;
            }
        }
        return best;
    }

    /** Nearest negative with above < dn < below, or -1. */
    private int nearestNegative(int a, double above, double below) {
        int best = -1;
        for (int j = 0; j < m; j++) {
            if (negative(a, j)
                    && distance[a][j] > above
                    && distance[a][j] < below
                    && (best < 0 || distance[a][j] < distance[a][best])) {
                best = j;
            }
        }
        return best;
    }

    private int farthestNegative(int a) {
        int best = -1;
        for (int j = 0; j < m; j++) {
            if (negative(a, j) && (best < 0 || distance[a][j] > distance[a][best])) {
                best = j;
            }
        }
        return best;
    }

    private void add(int a, int p, int negative) {
        triplets.add(new long[] {a, p, negative});
    }

    MiningOracle batchHard(int low, int high) {
        for (int a = 0; a < n; a++) {
            if (!valid(a)) {
                continue;
            }
            for (int j = 0; j < m; j++) {
                if (!negative(a, j)) {
                    continue;
                }
                int rank = 1;
                for (int other = 0; other < m; other++) {
                    boolean before =
                            distance[a][other] < distance[a][j] || distance[a][other] == distance[a][j] && other < j;
                    if (negative(a, other) && before) {
                        rank++;
                    }
                }
                if (rank >= low && rank <= high) {
                    add(a, farthestPositive(a), j);
                }
            }
        }
        return this;
    }

    MiningOracle semiHard(Semantics semantics) {
        for (int a = 0; a < n; a++) {
            for (int p = 0; p < m; p++) {
                if (!positive(a, p) || !valid(a)) {
                    continue;
                }
                double dp = distance[a][p];
                int choice = semantics == Semantics.FACENET
                        ? nearestNegative(a, dp, dp + margin)
                        : nearestNegative(a, dp, Double.POSITIVE_INFINITY);
                if (choice < 0 && semantics == Semantics.TFA) {
                    choice = farthestNegative(a);
                }
                if (choice >= 0) {
                    add(a, p, choice);
                }
            }
        }
        return this;
    }

    MiningOracle batchAll() {
        for (int a = 0; a < n; a++) {
            for (int p = 0; p < m; p++) {
                for (int j = 0; j < m; j++) {
                    if (positive(a, p) && negative(a, j) && distance[a][j] < distance[a][p] + margin) {
                        add(a, p, j);
                    }
                }
            }
        }
        return this;
    }

    MiningOracle easyPositive(NegativeChoice choice) {
        for (int a = 0; a < n; a++) {
            if (!valid(a)) {
                continue;
            }
            int p = nearestPositive(a);
            int chosen = choice == NegativeChoice.HARD
                    ? nearestNegative(a, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)
                    : nearestNegative(a, distance[a][p], distance[a][p] + margin);
            if (chosen >= 0) {
                add(a, p, chosen);
            }
        }
        return this;
    }
}
