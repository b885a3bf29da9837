package dev.mien.recognition;

/**
 * Has a network look at each face and at its mirror image and averages what it makes of them: logits and embeddings, as
 * {@code mien model evaluate} does with mirrored views. Twice the work.
 */
final class MirroredNetwork implements ExpressionNetwork {

    private final ExpressionNetwork network;
    private final int side;

    /**
     * Takes over the network.
     *
     * @param side of its input, in pixels
     */
    MirroredNetwork(ExpressionNetwork network, int side) {
        this.network = network;
        this.side = side;
    }

    @Override
    public Answer run(float[] pixels, int n) {
        float[] views = new float[2 * pixels.length];
        System.arraycopy(pixels, 0, views, 0, pixels.length);
        for (int row = 0; row < pixels.length; row += side) {
            for (int x = 0; x < side; x++) {
                views[pixels.length + row + x] = pixels[row + side - 1 - x];
            }
        }
        Answer answer = network.run(views, 2 * n);
        return new Answer(averageOfHalves(answer.logits()), averageOfHalves(answer.embeddings()));
    }

    private static float[] averageOfHalves(float[] values) {
        float[] averages = new float[values.length / 2];
        for (int i = 0; i < averages.length; i++) {
            averages[i] = (values[i] + values[i + averages.length]) / 2;
        }
        return averages;
    }

    @Override
    public void close() {
        network.close();
    }
}
