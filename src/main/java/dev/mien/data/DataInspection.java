package dev.mien.data;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a dataset holds and where it is flawed; a plain record, so that it is written as JSON as it stands.
 *
 * @param name the dataset's name
 * @param splits counts of train, validation and test, by that word and in that order
 * @param images images in all
 * @param distinct different pictures in all
 * @param duplicateGroups pictures that occur more than once
 * @param duplicateImages images in those groups
 * @param redundantImages duplicateImages less one per group
 * @param conflictingGroups groups whose images carry different labels
 * @param conflictingImages images in those groups
 * @param testInTrain test images identical to one of train
 * @param validationInTrain validation images identical to one of train
 * @param testInValidation test images identical to one of validation
 * @param testInTrainOrValidation test images identical to one of train or validation: the deduplicated score leaves
 *     them out
 * @param constantImages images of one grey level
 * @param conflicts the conflicting groups, one text each: every image's name, which holds its label
 */
public record DataInspection(
        String name,
        Map<String, SplitCounts> splits,
        int images,
        int distinct,
        int duplicateGroups,
        int duplicateImages,
        int redundantImages,
        int conflictingGroups,
        int conflictingImages,
        int testInTrain,
        int validationInTrain,
        int testInValidation,
        int testInTrainOrValidation,
        int constantImages,
        List<String> conflicts) {

    /**
     * Counts of one split.
     *
     * @param images images
     * @param perClass images per class, by its word and in label order
     * @param distinct different pictures
     * @param constant images of one grey level
     */
    public record SplitCounts(int images, Map<String, Integer> perClass, int distinct, int constant) {}

    /** Inspects a dataset; half a second for FER2013. */
    public static DataInspection of(Dataset data) {
        Duplicates duplicates = Duplicates.of(data);
        Map<String, SplitCounts> splits = new LinkedHashMap<>();
        for (Split split : Split.values()) {
            splits.put(split.word(), counts(data, duplicates, split));
        }
        int images = splits.values().stream().mapToInt(SplitCounts::images).sum();
        int inGroups = duplicates.groups().stream()
                .mapToInt(group -> group.places().size())
                .sum();
        int redundant = inGroups - duplicates.groups().size();
        List<Duplicates.Group> conflicting = duplicates.conflicting();
        return new DataInspection(
                data.name(),
                splits,
                images,
                images - redundant,
                duplicates.groups().size(),
                inGroups,
                redundant,
                conflicting.size(),
                conflicting.stream().mapToInt(group -> group.places().size()).sum(),
                twins(duplicates, Split.TEST, Split.TRAIN),
                twins(duplicates, Split.VALIDATION, Split.TRAIN),
                twins(duplicates, Split.TEST, Split.VALIDATION),
                twins(duplicates, Split.TEST, Split.TRAIN, Split.VALIDATION),
                splits.values().stream().mapToInt(SplitCounts::constant).sum(),
                conflicting.stream().map(group -> describe(data, group)).toList());
    }

    private static SplitCounts counts(Dataset data, Duplicates duplicates, Split split) {
        FaceImages images = data.split(split);
        Map<String, Integer> perClass = new LinkedHashMap<>();
        int[] counts = images.countsPerClass();
        for (Expression expression : Expression.values()) {
            perClass.put(expression.word(), counts[expression.ordinal()]);
        }
        return new SplitCounts(
                images.size(), perClass, duplicates.distinct(split), duplicates.constantRows(split).length);
    }

    private static int twins(Duplicates duplicates, Split of, Split... among) {
        int count = 0;
        for (boolean twin : duplicates.hasTwin(of, among)) {
            count += twin ? 1 : 0;
        }
        return count;
    }

    private static String describe(Dataset data, Duplicates.Group group) {
        List<String> parts = new ArrayList<>();
        for (Duplicates.Place place : group.places()) {
            String label = Expression.values()[place.label()].word();
            parts.add(data.split(place.split()).names().get(place.row()) + " (" + label + ")");
        }
        return String.join(", ", parts);
    }

    /** A table for a terminal of 80 columns, ending in a line break; the conflicts are left to the JSON form. */
    public String table() {
        StringBuilder text = new StringBuilder(name).append('\n');
        text.append(row("", splits.keySet().toArray()));
        for (Expression expression : Expression.values()) {
            text.append(row(
                    "  " + expression.word(),
                    splits.values().stream()
                            .map(counts -> counts.perClass().get(expression.word()))
                            .toArray()));
        }
        text.append(
                row("images", splits.values().stream().map(SplitCounts::images).toArray()));
        text.append(row(
                "distinct images",
                splits.values().stream().map(SplitCounts::distinct).toArray()));
        text.append(row(
                        "constant images",
                        splits.values().stream().map(SplitCounts::constant).toArray()))
                .append('\n');
        text.append(line("%,d images, %,d distinct", images, distinct));
        text.append(line(
                "%,d groups of identical images hold %,d images, %,d of them redundant",
                duplicateGroups, duplicateImages, redundantImages));
        text.append(line("%,d groups (%,d images) carry conflicting labels", conflictingGroups, conflictingImages));
        text.append(line("%,d test images are identical to one of train or validation", testInTrainOrValidation));
        text.append(line(
                "  (train %,d, validation %,d); %,d validation images to one of train",
                testInTrain, testInValidation, validationInTrain));
        return text.toString();
    }

    private static String row(String head, Object... cells) {
        StringBuilder line = new StringBuilder("%-18s".formatted(head));
        for (Object cell : cells) {
            line.append(cell instanceof Integer ? String.format(Locale.ROOT, "%,14d", cell) : "%14s".formatted(cell));
        }
        return line.append('\n').toString();
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values) + "\n";
    }
}
