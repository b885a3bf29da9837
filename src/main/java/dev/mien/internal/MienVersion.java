package dev.mien.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this build, as Maven wrote it into the jar. */
public final class MienVersion {

    private MienVersion() {}

    /** Such as {@code 0.1.0}. */
    public static String get() {
        try (InputStream in = MienVersion.class.getResourceAsStream("/dev/mien/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
