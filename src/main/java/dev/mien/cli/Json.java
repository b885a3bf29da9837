package dev.mien.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.mien.internal.AtomicFiles;
import dev.mien.internal.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Results as JSON: snake case, indented, number lists on one line; a figure that does not exist is null. */
final class Json {

    private static final ObjectWriter WRITER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule()
                    .addSerializer(Double.class, new FiniteDouble())
                    .addSerializer(double.class, new FiniteDouble())
                    .addSerializer(double[].class, new FiniteDoubles())
                    .addSerializer(new EnumWord())
                    .addKeySerializer(Enum.class, new EnumKey())
                    .addSerializer(Path.class, ToStringSerializer.instance))
            .build()
            .writer();

    private static final ObjectWriter INDENTING = WRITER.with(new DefaultPrettyPrinter());

    private Json() {}

    static String write(Object value) throws JsonProcessingException {
        return INDENTING.writeValueAsString(value) + "\n";
    }

    /** Writes the value to a file, whole or not at all. */
    static void writeFile(Path file, Object value) throws IOException {
        byte[] json = write(value).getBytes(StandardCharsets.UTF_8);
        AtomicFiles.write(file, out -> out.write(json));
    }

    /** The value on one line, for files with a line for each of many. */
    static String line(Object value) throws JsonProcessingException {
        return WRITER.writeValueAsString(value) + "\n";
    }

    private static void write(double value, JsonGenerator out) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeNull();
        }
    }

    /** JSON knows neither NaN nor infinity. */
    private static final class FiniteDouble extends StdSerializer<Double> {
        private static final long serialVersionUID = 1;

        FiniteDouble() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            write(value, out);
        }
    }

    /** Enums as the command line spells them. */
    private static final class EnumWord extends StdSerializer<Enum<?>> {
        private static final long serialVersionUID = 1;

        EnumWord() {
            super(Enum.class, false);
        }

        @Override
        public void serialize(Enum<?> value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(Words.of(value));
        }
    }

    /** The same where they are the names of fields. */
    private static final class EnumKey extends StdSerializer<Object> {
        private static final long serialVersionUID = 1;

        EnumKey() {
            super(Object.class);
        }

        @Override
        public void serialize(Object value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(Words.of((Enum<?>) value));
        }
    }

    private static final class FiniteDoubles extends StdSerializer<double[]> {
        private static final long serialVersionUID = 1;

        FiniteDoubles() {
            super(double[].class);
        }

        @Override
        public void serialize(double[] values, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray();
            for (double value : values) {
                write(value, out);
            }
            out.writeEndArray();
        }
    }
}
