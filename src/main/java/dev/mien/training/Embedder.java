package dev.mien.training;

import dev.mien.backbones.Backbone;
import dev.mien.data.Augmentation;
import dev.mien.data.FaceImages;
import dev.mien.data.FloatMatrix;
import dev.mien.data.ViewSet;
import dev.mien.data.Views;
import dev.mien.internal.Downloads;
import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Progress;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Runs a trained backbone over images, a batch at a time, without gradients. */
public final class Embedder {

    static {
        NativeRuntime.load();
    }

    private static final int BATCH = 128;

    private Embedder() {}

    /** What the network looks at: uint8 images (b, h, w) of the step-th batch to (views, b, channels, size, size). */
    private interface Source {
        Tensor views(Tensor pixels, long step);
    }

    /** The same, averaged over the image and its mirror image. */
    public static FloatMatrix embed(Backbone backbone, FaceImages images, boolean normalised, Progress progress) {
        return embed(backbone, images, ViewSet.MIRRORED, normalised, progress);
    }

    /**
     * Features at the global average pool, averaged over views.
     *
     * @param normalised whether each row is scaled to unit length, as triplet models are trained
     * @return (n, d)
     */
    public static FloatMatrix embed(
            Backbone backbone, FaceImages images, ViewSet views, boolean normalised, Progress progress) {
        Source source = (pixels, step) -> views.of(pixels, backbone.inputSize(), backbone.channels());
        return embed(backbone, images, source, normalised, progress);
    }

    /**
     * Features of each image changed at random, as training shows it to the network, averaged over the views of what
     * the change left ({@link ViewSet#ofCut}). The same images, seed and augmentation are changed in the same way.
     *
     * @param images for several copies of each, {@link FaceImages#repeated}
     * @param normalised whether each row is scaled to unit length, as triplet models are trained
     * @return (n, d)
     */
    public static FloatMatrix embedAugmented(
            Backbone backbone,
            FaceImages images,
            ViewSet views,
            Augmentation augmentation,
            long seed,
            boolean normalised,
            Progress progress) {
        Source source = (pixels, step) ->
                views.ofCut(augmentation.apply(pixels, backbone.inputSize(), backbone.channels(), seed, step));
        return embed(backbone, images, source, normalised, progress);
    }

    private static FloatMatrix embed(
            Backbone backbone, FaceImages images, Source source, boolean normalised, Progress progress) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor pixels = Tensors.pixels(images, device(backbone));
            // Rows stay on the device until all are there: reading them earlier would make a GPU wait.
            Tensor all = Tensors.matrix(images.size(), backbone.featureCount(), pixels.device());
            for (int start = 0; start < images.size(); start += BATCH) {
                int count = Math.min(BATCH, images.size() - start);
                try (PointerScope batch = new PointerScope()) {
                    Tensor features = mean(backbone, source.views(pixels.narrow(0, start, count), start / BATCH));
                    all.narrow(0, start, count).copy_(normalised ? Objective.normalise(features) : features);
                }
                progress.at("embed", start + count, images.size());
            }
            return new FloatMatrix(Downloads.floats(all), images.size(), backbone.featureCount());
        }
    }

    private static Tensor mean(Backbone backbone, Tensor views) {
        Tensor sum = backbone.features(views.select(0, 0), false);
        for (long view = 1; view < views.size(0); view++) {
            sum = sum.add(backbone.features(views.select(0, view), false));
        }
        return sum.mul(new Scalar(1.0 / views.size(0)));
    }

    /** Features (n, d) of uint8 images (n, h, w) on the backbone's device, as one tensor there; the caller owns it. */
    static Tensor features(Backbone backbone, Tensor pixels) {
        long n = pixels.size(0);
        Tensor all = Tensors.matrix(n, backbone.featureCount(), device(backbone));
        for (long start = 0; start < n; start += BATCH) {
            long count = Math.min(BATCH, n - start);
            try (PointerScope batch = new PointerScope()) {
                Tensor images = Views.plain(pixels.narrow(0, start, count), backbone.inputSize(), backbone.channels());
                all.narrow(0, start, count).copy_(backbone.features(images, false));
            }
        }
        return all;
    }

    private static Device device(Backbone backbone) {
        return backbone.parameters().values().iterator().next().device();
    }
}
