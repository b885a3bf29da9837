package dev.mien.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Pixel-identical images of a dataset, within and across its splits. FER2013 has 1,516 groups of them; 57 groups carry
 * conflicting labels, and 314 test images are in train or validation, too.
 */
public final class Duplicates {

    /**
     * One image of a dataset.
     *
     * @param split where it is
     * @param row its row there
     * @param label ordinal of its {@link Expression}
     */
    public record Place(Split split, int row, int label) {}

    /**
     * All places of one picture that occurs more than once, in the order train, validation, test and by row.
     *
     * @param places at least two
     */
    public record Group(List<Place> places) {

        /** Whether two of the places carry different labels. */
        public boolean conflicting() {
            return places.stream().mapToInt(Place::label).distinct().count() > 1;
        }

        /** The same, among the places in one split. */
        boolean conflictingIn(Split split) {
            return places.stream()
                            .filter(place -> place.split() == split)
                            .mapToInt(Place::label)
                            .distinct()
                            .count()
                    > 1;
        }
    }

    private final Dataset data;
    private final List<Group> groups;
    private final Map<Split, Group[]> groupOf = new EnumMap<>(Split.class); // per row, null where unique
    private final Map<Split, Integer> distinct = new EnumMap<>(Split.class);

    private Duplicates(Dataset data, Collection<List<Place>> pictures) {
        this.data = data;
        groups = pictures.stream()
                .filter(places -> places.size() > 1)
                .map(Group::new)
                .toList();
        for (Split split : Split.values()) {
            groupOf.put(split, new Group[data.split(split).size()]);
            distinct.put(split, (int) pictures.stream()
                    .filter(places -> places.stream().anyMatch(place -> place.split() == split))
                    .count());
        }
        for (Group group : groups) {
            group.places().forEach(place -> groupOf.get(place.split())[place.row()] = group);
        }
    }

    /** Finds all identical images, by hash and then byte by byte. */
    public static Duplicates of(Dataset data) {
        Map<Picture, List<Place>> pictures = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            FaceImages images = data.split(split);
            for (int row = 0; row < images.size(); row++) {
                pictures.computeIfAbsent(Picture.of(images, row), picture -> new ArrayList<>(1))
                        .add(new Place(split, row, images.labels()[row]));
            }
        }
        return new Duplicates(data, pictures.values());
    }

    /** One image's bytes as a map key. */
    private record Picture(FaceImages images, int from, int hash) {

        static Picture of(FaceImages images, int row) {
            int area = images.height() * images.width();
            int hash = images.width();
            for (int i = row * area; i < (row + 1) * area; i++) {
                hash = 31 * hash + images.pixels()[i];
            }
            return new Picture(images, row * area, hash);
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(Object other) {
            if (!(other instanceof Picture that) || hash != that.hash || images.width() != that.images.width()) {
                return false;
            }
            int area = images.height() * images.width();
            return images.height() == that.images.height()
                    && Arrays.equals(
                            images.pixels(), from, from + area, that.images.pixels(), that.from, that.from + area);
        }
    }

    /** Every picture that occurs more than once, in order of its first place. */
    public List<Group> groups() {
        return groups;
    }

    /** The groups whose images carry different labels. */
    public List<Group> conflicting() {
        return groups.stream().filter(Group::conflicting).toList();
    }

    /** Number of different pictures in one split. */
    public int distinct(Split split) {
        return distinct.get(split);
    }

    /**
     * Which rows of {@code of} (n) have an identical twin in one of the splits {@code among}, other than themselves.
     */
    public boolean[] hasTwin(Split of, Split... among) {
        EnumSet<Split> wanted = EnumSet.noneOf(Split.class);
        wanted.addAll(Arrays.asList(among));
        Group[] rows = groupOf.get(of);
        boolean[] twin = new boolean[rows.length];
        for (int row = 0; row < rows.length; row++) {
            int self = row;
            twin[row] = rows[row] != null
                    && rows[row].places().stream()
                            .anyMatch(place ->
                                    wanted.contains(place.split()) && (place.split() != of || place.row() != self));
        }
        return twin;
    }

    /** Rows of {@code of}, ascending, without an identical twin in one of the splits {@code among}. */
    public int[] rowsWithoutTwin(Split of, Split... among) {
        boolean[] twin = hasTwin(of, among);
        return IntStream.range(0, twin.length).filter(row -> !twin[row]).toArray();
    }

    /**
     * Rows of a split, ascending, without those whose identical twin in the same split carries another label: to metric
     * learning such a pair is a negative at distance 0. Twins in other splits do not count, as the labels of held-out
     * images must not decide what is trained on.
     */
    public int[] rowsWithoutConflicts(Split split) {
        Group[] rows = groupOf.get(split);
        return IntStream.range(0, rows.length)
                .filter(row -> rows[row] == null || !rows[row].conflictingIn(split))
                .toArray();
    }

    /** Rows of a split whose image has one grey level only. */
    public int[] constantRows(Split split) {
        FaceImages images = data.split(split);
        int area = images.height() * images.width();
        return IntStream.range(0, images.size())
                .filter(row -> IntStream.range(row * area + 1, (row + 1) * area)
                        .allMatch(i -> images.pixels()[i] == images.pixels()[row * area]))
                .toArray();
    }
}
