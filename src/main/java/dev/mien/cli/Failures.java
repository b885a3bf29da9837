package dev.mien.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Turns an exception into the one sentence that a person at a command line can act on. */
final class Failures {

    private Failures() {}

    static String sentence(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof java.io.UncheckedIOException || cause instanceof java.util.concurrent.ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder";
        }
        if (cause instanceof AccessDeniedException denied) {
            return denied.getFile() + ": permission denied";
        }
        if (cause instanceof NotDirectoryException || cause instanceof FileAlreadyExistsException) {
            return ((FileSystemException) cause).getFile() + ": exists and is not a folder";
        }
        if (cause instanceof FileSystemException file && file.getReason() != null) {
            return file.getFile() + ": " + file.getReason();
        }
        if (cause instanceof OutOfMemoryError) {
            return "out of Java memory; lower --limit, or raise the heap with JAVA_OPTS=-Xmx8g";
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return "internal error: " + cause + "; run again with --stacktrace and report it";
        }
        // LibTorch appends a C++ stack trace to its messages; the first line is the message.
        String first = message.lines().findFirst().orElse(message).strip();
        return cause instanceof IOException || cause instanceof IllegalArgumentException || cause instanceof IllegalStateException
                ? first
                : cause.getClass().getSimpleName() + ": " + first;
    }
}
