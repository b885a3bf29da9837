package dev.mien.backbones;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;
import org.bytedeco.pytorch.Tensor;

/** A file of weights open for reading: bounded reads, and errors that name the file. */
final class WeightsFile implements Closeable {

    private static final int MAX_CHUNK = 1 << 30;
    private static final int MAX_QUOTED = 80;
    private static final int MAX_LISTED = 10;

    final Path path;
    final long size;
    private final FileChannel channel;

    private WeightsFile(Path path, FileChannel channel) throws IOException {
        this.path = path;
        this.channel = channel;
        this.size = channel.size();
    }

    static WeightsFile open(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            throw new IOException(path + ": is a folder, not a file of weights");
        }
        try {
            return new WeightsFile(path, FileChannel.open(path));
        } catch (NoSuchFileException e) {
            throw new NoSuchFileException(path + ": no such file");
        }
    }

    /** The bytes from {@code position}, {@code length} of them or as many as the file still has. */
    byte[] bytes(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(length, Math.max(0, size - position)));
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw error("ends early, at byte " + (position + bytes.position()));
            }
        }
        return bytes.array();
    }

    /**
     * Fills a contiguous CPU tensor with the bytes from {@code position}: one copy, from the page cache into the
     * tensor.
     */
    void fill(Tensor tensor, long position) throws IOException {
        channel.position(position);
        fill(tensor, channel);
    }

    /** Fills a buffer, to its limit, with the bytes from {@code position}. */
    void fill(ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw error("ends early, inside the values of a tensor");
            }
        }
    }

    /** Fills a contiguous CPU tensor with the next bytes of {@code in}. */
    void fill(Tensor tensor, ReadableByteChannel in) throws IOException {
        long bytes = tensor.nbytes();
        for (long start = 0; start < bytes; start += MAX_CHUNK) {
            ByteBuffer chunk = WeightsMemory.window(tensor, start, (int) Math.min(MAX_CHUNK, bytes - start));
            while (chunk.hasRemaining()) {
                if (in.read(chunk) < 0) {
                    throw error("ends early, inside the values of a tensor");
                }
            }
        }
    }

    /** An error about this file, one sentence. */
    IOException error(String what) {
        return new IOException(path + ": " + what);
    }

    /** A name from a file in quotes, fit for a message: without control characters and not too long. */
    static String quote(String name) {
        String shown = name.length() > MAX_QUOTED ? name.substring(0, MAX_QUOTED) + "..." : name;
        return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
    }

    /** At most ten names in quotes, then how many more. */
    static String list(Collection<String> names) {
        String shown = names.stream().limit(MAX_LISTED).map(WeightsFile::quote).collect(Collectors.joining(", "));
        return names.size() > MAX_LISTED ? shown + " and " + (names.size() - MAX_LISTED) + " more" : shown;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
