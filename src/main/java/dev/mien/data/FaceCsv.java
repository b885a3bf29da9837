package dev.mien.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads fer2013.csv: one face per row, 2304 grey levels as text. Columns go by their trimmed name, in any order. */
final class FaceCsv {

    private static final int AREA = FaceImages.SIDE * FaceImages.SIDE;
    private static final Map<String, Split> USAGES =
            Map.of("Training", Split.TRAIN, "PublicTest", Split.VALIDATION, "PrivateTest", Split.TEST);

    private final Path file;
    private final Map<Split, FaceImagesBuilder> splits = new EnumMap<>(Split.class);
    private final byte[] pixels = new byte[AREA];
    private int emotionColumn;
    private int pixelsColumn;
    private int usageColumn;
    private int row;

    private FaceCsv(Path file) {
        this.file = file;
        for (Split split : Split.values()) {
            splits.put(split, new FaceImagesBuilder());
        }
    }

    static Dataset read(Path file) throws IOException {
        return new FaceCsv(file).read();
    }

    private Dataset read() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(file.toString(), in);
            if (!lines.next()) {
                throw new IllegalArgumentException(file + ": empty file");
            }
            header(lines.text());
            int[] ends = new int[Math.max(emotionColumn, Math.max(pixelsColumn, usageColumn)) + 1];
            while (lines.next()) {
                row++;
                if (lines.length() > 0) {
                    add(lines, ends);
                }
            }
        }
        Dataset data = new Dataset(
                file.toString(),
                splits.get(Split.TRAIN).build(),
                splits.get(Split.VALIDATION).build(),
                splits.get(Split.TEST).build());
        if (data.train().size() + data.validation().size() + data.test().size() == 0) {
            throw new IllegalArgumentException(file + ": no image found; the file has no rows below its header");
        }
        return data;
    }

    private void header(String line) {
        Map<String, Integer> columns = new HashMap<>();
        for (String name : line.replace("\u00EF\u00BB\u00BF", "").split(",")) {
            columns.put(unquoted(name).toLowerCase(Locale.ROOT), columns.size());
        }
        emotionColumn = column(columns, "emotion");
        pixelsColumn = column(columns, "pixels");
        usageColumn = column(columns, "Usage");
    }

    private int column(Map<String, Integer> columns, String name) {
        Integer column = columns.get(name.toLowerCase(Locale.ROOT));
        if (column == null) {
            throw new IllegalArgumentException(
                    file + ": missing column '" + name + "'; expected emotion, pixels and Usage");
        }
        return column;
    }

    private void add(LineReader line, int[] ends) {
        int found = 0;
        for (int i = 0; i <= line.length() && found < ends.length; i++) {
            if (i == line.length() || line.at(i) == ',') {
                ends[found++] = i;
            }
        }
        if (found < ends.length) {
            throw wrong("only " + found + " columns");
        }
        Split split = USAGES.get(field(line, ends, usageColumn));
        if (split == null) {
            throw wrong("unknown Usage '" + field(line, ends, usageColumn)
                    + "'; expected Training, PublicTest or PrivateTest");
        }
        Expression label = expression(field(line, ends, emotionColumn));
        parsePixels(line, start(ends, pixelsColumn), ends[pixelsColumn]);
        splits.get(split).add(pixels, label, file.getFileName() + ":" + (row + 1));
    }

    private static int start(int[] ends, int column) {
        return column == 0 ? 0 : ends[column - 1] + 1;
    }

    private static String field(LineReader line, int[] ends, int column) {
        int start = start(ends, column);
        return unquoted(line.text(start, Math.min(ends[column], start + 80)));
    }

    private static String unquoted(String field) {
        return field.replace('"', ' ').trim();
    }

    private Expression expression(String code) {
        try {
            return Expression.ofCsvCode(Integer.parseInt(code));
        } catch (NumberFormatException e) {
            throw wrong("unknown emotion code '" + code + "'; expected 0 to 6");
        } catch (IllegalArgumentException e) {
            throw wrong(e.getMessage());
        }
    }

    private void parsePixels(LineReader line, int start, int end) {
        int count = 0;
        int value = -1;
        for (int i = start; i <= end; i++) {
            byte c = i == end ? (byte) ' ' : line.at(i);
            if (c >= '0' && c <= '9') {
                value = Math.max(value, 0) * 10 + c - '0';
                if (value > 255) {
                    throw wrong("pixel " + (count + 1) + " is outside 0..255");
                }
            } else if (c != ' ' && c != '"' && c != '\t') {
                throw wrong("pixel %d is no number (found '%c')%s"
                        .formatted(count + 1, c & 0xFF, c == '-' ? " or outside 0..255" : ""));
            } else if (value >= 0) {
                if (count < AREA) {
                    pixels[count] = (byte) value;
                }
                count++;
                value = -1;
            }
        }
        if (count != AREA) {
            throw wrong(count + " pixels, expected " + AREA);
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("%s, row %d (line %d): %s".formatted(file, row, row + 1, what));
    }

    /** Lines of bytes in a buffer that is reused; a line of more than 64 KiB is refused. */
    private static final class LineReader {
        private static final int MAX_LINE = 1 << 16;
        private final String name;
        private final InputStream in;
        private final byte[] chunk = new byte[1 << 18];
        private final byte[] line = new byte[MAX_LINE];
        private int position;
        private int available;
        private int length;
        private int number;

        LineReader(String name, InputStream in) {
            this.name = name;
            this.in = in;
        }

        boolean next() throws IOException {
            length = 0;
            number++;
            while (true) {
                if (position == available) {
                    position = 0;
                    available = in.read(chunk);
                    if (available <= 0) {
                        available = 0;
                        return length > 0;
                    }
                }
                byte c = chunk[position++];
                if (c == '\n') {
                    return true;
                }
                if (length == MAX_LINE) {
                    throw new IllegalArgumentException(
                            "%s, line %d: longer than %d bytes".formatted(name, number, MAX_LINE));
                }
                if (c != '\r') {
                    line[length++] = c;
                }
            }
        }

        int length() {
            return length;
        }

        byte at(int i) {
            return line[i];
        }

        String text() {
            return text(0, length);
        }

        String text(int start, int end) {
            return new String(line, start, end - start, StandardCharsets.ISO_8859_1);
        }
    }
}
