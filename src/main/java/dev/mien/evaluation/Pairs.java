package dev.mien.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Draws unordered pairs of distinct rows, uniformly with replacement; all of them, once each, when they are few. */
final class Pairs {

    private final int[] labels;
    private final List<int[]> classes;
    private final long samePairs;
    private final long differentPairs;

    Pairs(int[] labels) {
        this.labels = labels;
        Map<Integer, List<Integer>> members = new TreeMap<>();
        IntStream.range(0, labels.length)
                .forEach(row -> members.computeIfAbsent(labels[row], label -> new ArrayList<>())
                        .add(row));
        classes = members.values().stream()
                .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
                .toList();
        samePairs = classes.stream().mapToLong(rows -> pairsOf(rows.length)).sum();
        differentPairs = pairsOf(labels.length) - samePairs;
    }

    List<int[]> same(int limit, SplittableRandom random) {
        if (samePairs <= limit) {
            return all(true);
        }
        List<int[]> pairs = new ArrayList<>(limit);
        while (pairs.size() < limit) {
            int[] rows = classOf(random.nextLong(samePairs));
            int first = random.nextInt(rows.length);
            int second = random.nextInt(rows.length - 1);
            pairs.add(new int[] {rows[first], rows[second < first ? second : second + 1]});
        }
        return pairs;
    }

    List<int[]> different(int limit, SplittableRandom random) {
        if (differentPairs <= limit) {
            return all(false);
        }
        List<int[]> pairs = new ArrayList<>(limit);
        while (pairs.size() < limit) {
            int first = random.nextInt(labels.length);
            int second = random.nextInt(labels.length);
            if (labels[first] != labels[second]) {
                pairs.add(new int[] {first, second});
            }
        }
        return pairs;
    }

    /** The class that holds the given same-class pair, counting through the classes in order. */
    private int[] classOf(long pair) {
        long left = pair;
        for (int[] rows : classes) {
            left -= pairsOf(rows.length);
            if (left < 0) {
                return rows;
            }
        }
        throw new AssertionError(pair);
    }

    private List<int[]> all(boolean same) {
        List<int[]> pairs = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            for (int j = i + 1; j < labels.length; j++) {
                if ((labels[i] == labels[j]) == same) {
                    pairs.add(new int[] {i, j});
                }
            }
        }
        return pairs;
    }

    private static long pairsOf(long n) {
        return n * (n - 1) / 2;
    }
}
