package dev.mien.recognition;

/** What a recognizer asks of a trained network, whatever computes it. Thread-safe, apart from {@link #close()}. */
interface ExpressionNetwork extends AutoCloseable {

    /**
     * What a network says of n faces.
     *
     * @param logits (n, 7), in the order of the model's labels; their softmax are probabilities
     * @param embeddings (n, d) features at the global average pool
     */
    record Answer(float[] logits, float[] embeddings) {}

    /**
     * Runs the network.
     *
     * @param pixels (n, channels, size, size) as the model's metadata says
     * @param n number of faces, at least 1
     */
    Answer run(float[] pixels, int n);

    /** Frees the network; no call is running or will come. */
    @Override
    void close();
}
