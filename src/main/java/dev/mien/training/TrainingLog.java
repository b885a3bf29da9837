package dev.mien.training;

import dev.mien.internal.AtomicFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The per-epoch log as CSV: one column per component of {@link EpochRecord}, in snake case; NaN is an empty cell. */
public final class TrainingLog {

    private TrainingLog() {}

    /** Replaces {@code file} by a header and one line per epoch. */
    public static void write(Path file, List<EpochRecord> epochs) throws IOException {
        AtomicFiles.write(file, out -> writeTo(out, epochs));
    }

    private static void writeTo(OutputStream out, List<EpochRecord> epochs) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add(Arrays.stream(EpochRecord.class.getRecordComponents())
                .map(component ->
                        component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(",")));
        for (EpochRecord epoch : epochs) {
            lines.add(Arrays.stream(EpochRecord.class.getRecordComponents())
                    .map(component -> cell(component, epoch))
                    .collect(Collectors.joining(",")));
        }
        out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String cell(RecordComponent component, EpochRecord epoch) {
        try {
            Object value = component.getAccessor().invoke(epoch);
            if (value instanceof Double number) {
                return number.isNaN() ? "" : String.format(Locale.ROOT, "%.6g", number);
            }
            return value.toString();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
