package dev.mien.backbones;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model file says of itself, so that a prediction needs nothing but the file: kept as {@code mien.*} in the
 * metadata of safetensors.
 *
 * @param backbone network the tensors belong to
 * @param labels words of the outputs, in their order
 * @param inputSize side of the square input, in pixels
 * @param channels input channels: 1 for grey, 3 where the grey image is repeated
 * @param scaling whether the network is given values 0..1 or ImageNet-normalised ones
 * @param notes anything else worth keeping, such as {@code command} or {@code accuracy}; keys without the prefix
 */
public record ModelMetadata(
        BackboneKind backbone,
        List<String> labels,
        int inputSize,
        int channels,
        WeightsScaling scaling,
        Map<String, String> notes) {

    private static final String PREFIX = "mien.";
    private static final String BACKBONE = "mien.backbone";
    private static final String LABELS = "mien.labels";
    private static final String INPUT_SIZE = "mien.input_size";
    private static final String CHANNELS = "mien.channels";
    private static final String SCALING = "mien.scaling";
    private static final List<String> FIELDS = List.of(BACKBONE, LABELS, INPUT_SIZE, CHANNELS, SCALING);

    /** Checks and copies; {@link IllegalArgumentException} names the value that cannot be. */
    public ModelMetadata {
        labels = List.copyOf(labels);
        notes = Map.copyOf(notes);
        if (labels.isEmpty() || new HashSet<>(labels).size() < labels.size()) {
            throw new IllegalArgumentException("labels must be distinct words, not " + labels);
        }
        for (String label : labels) {
            if (label.isBlank() || label.contains(",")) {
                throw new IllegalArgumentException("a label must be a word without a comma, not '" + label + "'");
            }
        }
        if (inputSize < 1 || (channels != 1 && channels != 3)) {
            throw new IllegalArgumentException("a model cannot take " + channels + " x " + inputSize + " x " + inputSize
                    + " images; expected 1 or 3 channels and a positive side");
        }
        for (String key : notes.keySet()) {
            if (FIELDS.contains(PREFIX + key)) {
                throw new IllegalArgumentException("a note may not be called '" + key + "'");
            }
        }
    }

    /** Metadata of a backbone that is given values 0..1. */
    public static ModelMetadata of(
            BackboneKind kind, Backbone backbone, List<String> labels, Map<String, String> notes) {
        return new ModelMetadata(kind, labels, backbone.inputSize(), backbone.channels(), WeightsScaling.UNIT, notes);
    }

    /** What the model was trained with, such as {@code cross-entropy}. */
    public String loss() {
        return notes.getOrDefault("loss", "unknown");
    }

    /** Whether the head was trained: not so by triplet loss alone. */
    public boolean hasHead() {
        return !loss().equals("triplet");
    }

    /** Whether features are to be scaled to unit length: so for models of triplet loss alone that were trained there. */
    public boolean normalised() {
        return !hasHead() && !"false".equals(notes.get("unit_length"));
    }

    /** As metadata for {@link Weights}, sorted by key. */
    public Map<String, String> toMap() {
        Map<String, String> map = new TreeMap<>();
        notes.forEach((key, value) -> map.put(PREFIX + key, value));
        map.put(BACKBONE, backbone.word());
        map.put(LABELS, String.join(",", labels));
        map.put(INPUT_SIZE, Integer.toString(inputSize));
        map.put(CHANNELS, Integer.toString(channels));
        map.put(SCALING, scaling.name().toLowerCase(Locale.ROOT));
        return map;
    }

    /** Reads what {@link #toMap()} gave; keys of other programs are passed over. */
    public static ModelMetadata fromMap(Map<String, String> map) {
        Map<String, String> notes = new TreeMap<>();
        map.forEach((key, value) -> {
            if (key.startsWith(PREFIX) && !FIELDS.contains(key)) {
                notes.put(key.substring(PREFIX.length()), value);
            }
        });
        return new ModelMetadata(
                BackboneKind.ofWord(field(map, BACKBONE)),
                List.of(field(map, LABELS).split(",", -1)),
                number(map, INPUT_SIZE),
                number(map, CHANNELS),
                scaling(field(map, SCALING)),
                notes);
    }

    private static String field(Map<String, String> map, String key) {
        String value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the weights are no model of mien: they lack the metadata " + key);
        }
        return value;
    }

    private static int number(Map<String, String> map, String key) {
        try {
            return Integer.parseInt(field(map, key));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "the metadata " + key + " must be a whole number, not '" + map.get(key) + "'");
        }
    }

    private static WeightsScaling scaling(String word) {
        return Arrays.stream(WeightsScaling.values())
                .filter(scaling -> scaling.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the metadata " + SCALING + " must be unit or normalised, not '" + word + "'"));
    }
}
