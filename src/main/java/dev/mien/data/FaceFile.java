package dev.mien.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where one image file belongs, as its path says.
 *
 * @param name path inside the archive or folder, such as {@code test/happy/PrivateTest_1206.jpg}
 */
record FaceFile(String name, Split split, Expression label) implements Comparable<FaceFile> {

    private static final List<String> EXTENSIONS = List.of(".jpg", ".jpeg", ".png");
    private static final Map<String, Split> PREFIXES =
            Map.of("Training_", Split.TRAIN, "PublicTest_", Split.VALIDATION, "PrivateTest_", Split.TEST);
    private static final Map<String, Split> FOLDERS = Map.of(
            "train",
            Split.TRAIN,
            "training",
            Split.TRAIN,
            "val",
            Split.VALIDATION,
            "valid",
            Split.VALIDATION,
            "validation",
            Split.VALIDATION,
            "publictest",
            Split.VALIDATION,
            "test",
            Split.TEST,
            "privatetest",
            Split.TEST);

    /**
     * Reads a path {@code [..]/split/expression/file}; empty for what is no image or lies in no expression's folder.
     *
     * @param source the archive or folder, for messages
     * @throws IllegalArgumentException naming the file whose expression or split is unknown
     */
    static Optional<FaceFile> of(String source, String path) {
        String[] parts = path.split("/");
        String file = parts[parts.length - 1];
        String lower = file.toLowerCase(Locale.ROOT);
        boolean image = EXTENSIONS.stream().anyMatch(lower::endsWith);
        if (!image || file.startsWith(".") || parts.length < 2 || path.startsWith("__MACOSX/")) {
            return Optional.empty();
        }
        try {
            return Optional.of(new FaceFile(path, split(parts), Expression.ofWord(parts[parts.length - 2])));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(source + ", " + path + ": " + e.getMessage(), e);
        }
    }

    private static Split split(String[] parts) {
        String file = parts[parts.length - 1];
        for (Map.Entry<String, Split> prefix : PREFIXES.entrySet()) {
            if (file.startsWith(prefix.getKey())) {
                return prefix.getValue();
            }
        }
        String folder = parts.length < 3 ? "" : parts[parts.length - 3];
        Split split = FOLDERS.get(folder.toLowerCase(Locale.ROOT));
        if (split == null) {
            throw new IllegalArgumentException(
                    "no split; expected a name that begins with Training_, PublicTest_ or PrivateTest_,"
                            + " or a folder train, validation or test");
        }
        return split;
    }

    @Override
    public int compareTo(FaceFile other) {
        return name.compareTo(other.name);
    }
}
