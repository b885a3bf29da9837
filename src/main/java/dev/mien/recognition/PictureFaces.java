package dev.mien.recognition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What one file of many held.
 *
 * @param file as it was named
 * @param faces largest first; empty if there is none or the file cannot be read
 * @param failure why the file cannot be read, if it cannot; its message names it
 */
public record PictureFaces(Path file, List<Face> faces, Optional<IOException> failure) {}
