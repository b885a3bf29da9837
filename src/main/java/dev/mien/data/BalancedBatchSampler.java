package dev.mien.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Batches of P classes with K images each, as triplet mining needs them (Hermans et al. 2017, "In Defense of the
 * Triplet Loss").
 *
 * <p>An epoch is the shortest one that shows every image: each class fills ceil(images / K) places at least, a batch
 * has P places for P different classes, and places left over go to the classes that were shown least. A class repeats
 * its images, reshuffled each time round, in different batches; no row occurs twice within a batch. P is the dial: with
 * P equal to the number of classes all classes are shown equally often, however rare; with a small P the epoch is
 * shorter and its proportions are nearer to the data's.
 *
 * <p>A class of 2 to K - 1 images gives all it has. A class with a single image has no positive and takes no place: its
 * row is added to a batch as a negative, at most K such rows per batch. So every batch holds at least two classes with
 * two images each, and at most (P + 1) K rows.
 */
public final class BalancedBatchSampler implements BatchSampler {

    private final int[][] classes; // rows per class that has at least two
    private final int[] singles; // rows of the other classes
    private final int[] places; // how many batches each class appears in
    private final int batches;
    private final int classesPerBatch;
    private final int imagesPerClass;
    private final long seed;

    /**
     * Creates a sampler.
     *
     * @param labels (n) classes of the rows, at least 0
     * @param classesPerBatch P, at least 2; the number of usable classes if that is smaller
     * @param imagesPerClass K, at least 2
     * @param seed the same (seed, epoch) gives the same batches
     * @throws IllegalArgumentException if fewer than two classes have two images, as no triplet exists then, or naming
     *     a value out of range
     */
    public BalancedBatchSampler(int[] labels, int classesPerBatch, int imagesPerClass, long seed) {
        if (classesPerBatch < 2 || imagesPerClass < 2) {
            throw new IllegalArgumentException("a balanced batch needs at least 2 classes of 2 images, not %d of %d"
                    .formatted(classesPerBatch, imagesPerClass));
        }
        int[][] rows = rowsByClass(labels);
        classes = Arrays.stream(rows).filter(r -> r.length >= 2).toArray(int[][]::new);
        singles = Arrays.stream(rows)
                .filter(r -> r.length == 1)
                .mapToInt(r -> r[0])
                .toArray();
        if (classes.length < 2) {
            throw new IllegalArgumentException(
                    "balanced batches need at least 2 classes with 2 images each; these %d labels have %d"
                            .formatted(labels.length, classes.length));
        }
        this.classesPerBatch = Math.min(classesPerBatch, classes.length);
        this.imagesPerClass = imagesPerClass;
        this.seed = seed;
        places = Arrays.stream(classes)
                .mapToInt(r -> (r.length + imagesPerClass - 1) / imagesPerClass)
                .toArray();
        batches = batches();
        fillPlaces();
    }

    private static int[][] rowsByClass(int[] labels) {
        for (int i = 0; i < labels.length; i++) {
            if (labels[i] < 0) {
                throw new IllegalArgumentException(
                        "row " + i + " has the label " + labels[i] + "; expected at least 0");
            }
        }
        int[] sorted = IntStream.range(0, labels.length)
                .boxed()
                .sorted((a, b) -> labels[a] != labels[b] ? Integer.compare(labels[a], labels[b]) : a - b)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] starts = IntStream.range(0, sorted.length)
                .filter(i -> i == 0 || labels[sorted[i]] != labels[sorted[i - 1]])
                .toArray();
        return IntStream.range(0, starts.length)
                .mapToObj(c ->
                        Arrays.copyOfRange(sorted, starts[c], c + 1 < starts.length ? starts[c + 1] : sorted.length))
                .toArray(int[][]::new);
    }

    /** A class appears at most once per batch, so the largest class alone may set the length of the epoch. */
    private int batches() {
        long sum = Arrays.stream(places).asLongStream().sum();
        int largest = Arrays.stream(places).max().orElseThrow();
        int forSingles = (singles.length + imagesPerClass - 1) / imagesPerClass;
        return Math.max(Math.max(largest, forSingles), (int) ((sum + classesPerBatch - 1) / classesPerBatch));
    }

    /** Hands the places left over to the classes shown least, one level at a time. */
    private void fillPlaces() {
        long left = (long) batches * classesPerBatch
                - Arrays.stream(places).asLongStream().sum();
        for (; left > 0; left--) {
            int least = 0;
            for (int c = 1; c < places.length; c++) {
                least = places[c] < places[least] ? c : least;
            }
            places[least]++;
        }
    }

    @Override
    public int[][] epoch(int epoch) {
        SplittableRandom random = Draws.random(seed, epoch);
        Deck[] decks =
                Arrays.stream(classes).map(rows -> new Deck(rows, random)).toArray(Deck[]::new);
        int[] left = places.clone();
        int[] extra = singles.clone();
        Draws.shuffle(extra, random);
        int[][] result = new int[batches][];
        for (int batch = 0; batch < batches; batch++) {
            int[] rows = new int[(classesPerBatch + 1) * imagesPerClass];
            int size = 0;
            for (int c : chooseClasses(left, batches - batch, random)) {
                left[c]--;
                size = decks[c].deal(imagesPerClass, rows, size);
            }
            for (int i = batch; i < extra.length; i += batches) {
                rows[size++] = extra[i];
            }
            result[batch] = Arrays.copyOf(rows, size);
        }
        shuffle(result, random);
        return result;
    }

    /**
     * Classes of the next batch: first those that must appear in every batch left, then draws without replacement, as
     * likely as a class has places left. Since no class has more places than batches are left, the plan always comes
     * out.
     */
    private int[] chooseClasses(int[] left, int batchesLeft, SplittableRandom random) {
        int[] weights = new int[left.length];
        int[] chosen = new int[classesPerBatch];
        int count = 0;
        for (int c = 0; c < left.length; c++) {
            if (left[c] == batchesLeft) {
                chosen[count++] = c;
            } else {
                weights[c] = left[c];
            }
        }
        while (count < classesPerBatch) {
            int c = draw(weights, random);
            weights[c] = 0;
            chosen[count++] = c;
        }
        return chosen;
    }

    private static int draw(int[] weights, SplittableRandom random) {
        long point = random.nextLong(Arrays.stream(weights).asLongStream().sum());
        int c = 0;
        while (point >= weights[c]) {
            point -= weights[c++];
        }
        return c;
    }

    private static void shuffle(int[][] batches, SplittableRandom random) {
        int[][] old = batches.clone();
        int[] order = IntStream.range(0, old.length).toArray();
        Draws.shuffle(order, random);
        Arrays.setAll(batches, i -> old[order[i]]);
    }

    /** The rows of one class, dealt in turn and reshuffled when they run out. */
    private static final class Deck {
        private final int[] rows;
        private final SplittableRandom random;
        private int next;

        Deck(int[] rows, SplittableRandom random) {
            this.rows = rows.clone();
            this.random = random;
            Draws.shuffle(this.rows, random);
        }

        /** Appends k different rows, or all when there are fewer; returns the new size. */
        int deal(int k, int[] target, int size) {
            int count = Math.min(k, rows.length);
            int rest = Math.min(count, rows.length - next);
            System.arraycopy(rows, next, target, size, rest);
            next += rest;
            if (rest < count) {
                reshuffle(rest);
                next = count - rest;
                System.arraycopy(rows, 0, target, size + rest, next);
            }
            return size + count;
        }

        /** The last {@code dealt} rows are in the present batch already: they go to the end of the new order. */
        private void reshuffle(int dealt) {
            int[] free = Arrays.copyOf(rows, rows.length - dealt);
            Draws.shuffle(free, random);
            System.arraycopy(free, 0, rows, 0, free.length);
        }
    }
}
