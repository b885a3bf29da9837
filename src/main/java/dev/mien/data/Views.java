package dev.mien.data;

import dev.mien.internal.NativeRuntime;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * Deterministic views of images for evaluation: one each ({@link #plain}), or several whose predictions are averaged
 * (test-time augmentation). Any device. Call inside a PointerScope; the results belong to it.
 */
public final class Views {

    static {
        NativeRuntime.load();
    }

    private Views() {}

    /**
     * The centre of each image at its own scale, or the whole image enlarged (bilinear) where size exceeds it.
     *
     * @param images (b, h, w) uint8
     * @param size side of the result, in pixels, at least 1
     * @param channels channels of the result, all equal: 1 or 3
     * @return (b, channels, size, size) float32 in 0..1, contiguous
     * @throws IllegalArgumentException if images are not three-dimensional uint8
     */
    public static Tensor plain(Tensor images, int size, int channels) {
        Tensor grey = scaled(images, size);
        long top = (grey.size(2) - size) / 2;
        long left = (grey.size(3) - size) / 2;
        return spread(crop(grey, top, left, size), channels);
    }

    /** {@link #plain} and its mirror image: (2, b, channels, size, size). */
    public static Tensor mirrored(Tensor images, int size, int channels) {
        Tensor plain = plain(images, size, channels);
        return torch.stack(new TensorVector(plain, plain.flip(3)));
    }

    /**
     * The ten crops of Krizhevsky et al. (2012): four corners and the centre, and the mirror image of each.
     *
     * @return (10, b, channels, size, size) float32 in 0..1; with size equal to the image's the five crops agree
     */
    public static Tensor tenCrop(Tensor images, int size, int channels) {
        Tensor grey = scaled(images, size);
        long bottom = grey.size(2) - size;
        long right = grey.size(3) - size;
        long[][] corners = {{0, 0}, {0, right}, {bottom, 0}, {bottom, right}, {bottom / 2, right / 2}};
        TensorVector views = new TensorVector();
        for (long[] corner : corners) {
            views.push_back(spread(crop(grey, corner[0], corner[1], size), channels));
        }
        for (int i = 0; i < corners.length; i++) {
            views.push_back(views.get(i).flip(3));
        }
        return torch.stack(views);
    }

    /** Grey levels 0..1 as (b, 1, h, w), enlarged to size where a side is smaller. */
    static Tensor scaled(Tensor images, int size) {
        if (images.dim() != 3 || images.scalar_type().intern() != ScalarType.Byte) {
            throw new IllegalArgumentException("images must be (b, h, w) uint8; found %d dimensions of %s"
                    .formatted(images.dim(), images.scalar_type()));
        }
        if (size < 1) {
            throw new IllegalArgumentException("size must be at least 1, not " + size);
        }
        Tensor grey = images.unsqueeze(1).to(ScalarType.Float).div_(new Scalar(255.0f));
        boolean small = images.size(1) < size || images.size(2) < size;
        return small ? torch.upsample_bilinear2d(grey, new long[] {size, size}, false) : grey;
    }

    /** Repeats the grey channel; contiguous. */
    static Tensor spread(Tensor grey, int channels) {
        if (channels != 1 && channels != 3) {
            throw new IllegalArgumentException("channels must be 1 or 3, not " + channels);
        }
        return grey.expand(grey.size(0), channels, grey.size(2), grey.size(3)).contiguous();
    }

    private static Tensor crop(Tensor grey, long top, long left, int size) {
        return grey.narrow(2, top, size).narrow(3, left, size);
    }
}
