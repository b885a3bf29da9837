package dev.mien.data;

import dev.mien.internal.Words;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Which views of an image a model looks at, to average what it makes of them (see {@link Views}). */
public enum ViewSet {
    /** The image alone. */
    PLAIN {
        @Override
        public Tensor of(Tensor images, int size, int channels) {
            return Views.plain(images, size, channels).unsqueeze(0);
        }
    },
    /** The image and its mirror image. */
    MIRRORED {
        @Override
        public Tensor of(Tensor images, int size, int channels) {
            return Views.mirrored(images, size, channels);
        }
    },
    /** Four corners and the centre, and their mirror images; of use where a model's input is smaller than the image. */
    TEN_CROP {
        @Override
        public Tensor of(Tensor images, int size, int channels) {
            return Views.tenCrop(images, size, channels);
        }
    };

    /**
     * The views of a batch. Call inside a PointerScope; the result belongs to it.
     *
     * @param images (b, h, w) uint8
     * @return (views, b, channels, size, size) float32 in 0..1
     */
    public abstract Tensor of(Tensor images, int size, int channels);

    /**
     * The views of images that are cut to size already, where the five crops agree: TEN_CROP is MIRRORED. Call inside a
     * PointerScope; the result belongs to it.
     *
     * @param images (b, channels, size, size) float32
     * @return (views, b, channels, size, size) float32
     */
    public Tensor ofCut(Tensor images) {
        return this == PLAIN ? images.unsqueeze(0) : torch.stack(new TensorVector(images, images.flip(3)));
    }

    /** The word used on the command line. */
    public String word() {
        return Words.of(this);
    }
}
