package dev.mien.data;

import dev.mien.internal.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A hash of everything that something is computed from: what an earlier run left may be kept only under the same one. */
public final class ContentKey {

    private static final int CHUNK = 1 << 14;

    private final MessageDigest digest = Sha256.start();

    /** Settings, by their text. */
    public ContentKey add(Object settings) {
        return block(settings.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Pixels and labels. */
    public ContentKey add(FaceImages images) {
        return block(images.pixels()).add(images.labels());
    }

    /** Labels, in their order. */
    public ContentKey add(int[] labels) {
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * labels.length);
        bytes.asIntBuffer().put(labels);
        return block(bytes.array());
    }

    /** Features, row by row. */
    public ContentKey add(FloatMatrix features) {
        return add(features.values());
    }

    /** Float values, bit by bit. */
    public ContentKey add(float[] values) {
        size(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * CHUNK);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            bytes.asFloatBuffer().put(values, from, count);
            digest.update(bytes.array(), 0, Float.BYTES * count);
        }
        return this;
    }

    /** The bytes of a file; null is none. */
    public ContentKey add(Path file) throws IOException {
        return block(file == null ? new byte[0] : Files.readAllBytes(file));
    }

    /** With its length before it, so that two blocks are not one. */
    private ContentKey block(byte[] bytes) {
        size(bytes.length);
        digest.update(bytes);
        return this;
    }

    private void size(int length) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    }

    /** 64 digits; ends the key. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
