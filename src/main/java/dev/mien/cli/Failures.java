package dev.mien.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mien.internal.OutOfMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Turns an exception into the one sentence that a person at a command line can act on. */
final class Failures {

    private static final int LONGEST = 600;

    private Failures() {}

    static String sentence(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof FileSystemException file) {
            String named = file.getFile() == null ? "" : file.getFile();
            return named.contains(": ") ? named : named + ": " + reason(file); // some name the cause with the file
        }
        if (cause instanceof OutOfMemoryError) {
            return "out of Java memory; lower --limit, or raise the heap with MIEN_JAVA_OPTIONS=-Xmx8g";
        }
        String message = cause.getMessage();
        if (message == null || message.isBlank()) {
            return "internal error: " + cause.getClass().getName() + "; run again with --stacktrace and report it";
        }
        String memory = OutOfMemory.what(cause);
        if (memory != null) {
            return "out of " + memory + "; give fewer rows or images at a time"
                    + (memory.startsWith("GPU") ? ", or --device cpu" : "");
        }
        String line = firstLine(message);
        return speaksForItself(cause) ? line : cause.getClass().getSimpleName() + ": " + line;
    }

    /** The first line: LibTorch appends a C++ stack trace to its messages. */
    static String firstLine(String message) {
        String line = message.strip().lines().findFirst().orElse("").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    }

    private static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while (isWrapper(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static boolean isWrapper(Throwable failure) {
        return failure instanceof UncheckedIOException
                || failure instanceof ExecutionException
                || failure instanceof CompletionException
                || failure instanceof ExceptionInInitializerError;
    }

    private static boolean speaksForItself(Throwable cause) {
        return cause instanceof IOException && !(cause instanceof JsonProcessingException)
                || cause instanceof IllegalArgumentException
                || cause instanceof IllegalStateException
                || cause instanceof UnsupportedOperationException;
    }

    private static String reason(FileSystemException failure) {
        if (failure.getReason() != null) {
            return failure.getReason();
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NotDirectoryException || failure instanceof FileAlreadyExistsException) {
            return "exists and is not a folder";
        }
        return failure.getClass().getSimpleName();
    }
}
