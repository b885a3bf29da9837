package dev.mien.data;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Uploads;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Random changes to training images that leave their labels true. One batch takes a handful of tensor operations, on
 * any device; the random numbers come from (seed, step) alone, so a step is repeated exactly wherever it runs.
 *
 * @param flip probability of a mirror image, 0..1
 * @param crop whether a smaller size is cut out at a random place instead of the centre
 * @param shift largest shift in each direction, in pixels of the image, at least 0
 * @param rotation largest rotation to either side, in degrees, 0..180
 * @param minScale smallest magnification, above 0
 * @param maxScale largest magnification, at least minScale
 * @param brightness largest change of all grey levels, 0..1 where 1 is white
 * @param contrast largest relative change of contrast, 0..1
 * @param erasing probability that a rectangle is overpainted with one grey level (Zhong et al. 2017), 0..1
 * @param minErased smallest share of the image that is overpainted, above 0
 * @param maxErased largest share, minErased..1
 */
public record Augmentation(
        double flip,
        boolean crop,
        double shift,
        double rotation,
        double minScale,
        double maxScale,
        double brightness,
        double contrast,
        double erasing,
        double minErased,
        double maxErased) {

    static {
        NativeRuntime.load();
    }

    /** Changes nothing: equals {@link Views#plain}. */
    public static final Augmentation NONE = new Augmentation(0, false, 0, 0, 1, 1, 0, 0, 0, 0.02, 0.25);

    /** Mirror images and random crops: the recipe of the strongest networks trained on FER2013 from scratch. */
    public static final Augmentation FLIP_AND_CROP = NONE.withFlip(0.5).withCrop(true);

    /** Mirror images, shifts, rotation and scale. */
    public static final Augmentation AFFINE =
            NONE.withFlip(0.5).withShift(4).withRotation(10).withScale(0.9, 1.1);

    /** {@link #FLIP_AND_CROP} with wider shifts, rotation and scale, light and erasing. */
    public static final Augmentation STRONG = FLIP_AND_CROP
            .withShift(4)
            .withRotation(12)
            .withScale(0.85, 1.15)
            .withLight(0.1, 0.25)
            .withErasing(0.25, 0.02, 0.15);

    private static final int BILINEAR = 0;
    private static final int BORDER = 1;

    /** Checks the ranges; {@link IllegalArgumentException} names the value. */
    public Augmentation {
        check("flip", flip, 0, 1);
        check("shift", shift, 0, 1e4);
        check("rotation", rotation, 0, 180);
        check("minScale", minScale, 1e-3, 1e3);
        check("maxScale", maxScale, minScale, 1e3);
        check("brightness", brightness, 0, 1);
        check("contrast", contrast, 0, 1);
        check("erasing", erasing, 0, 1);
        check("minErased", minErased, 1e-6, 1);
        check("maxErased", maxErased, minErased, 1);
    }

    private static void check(String name, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException(
                    "augmentation: %s is %s, expected %s to %s".formatted(name, value, low, high));
        }
    }

    /** The same with another probability of a mirror image. */
    public Augmentation withFlip(double probability) {
        return new Augmentation(
                probability,
                crop,
                shift,
                rotation,
                minScale,
                maxScale,
                brightness,
                contrast,
                erasing,
                minErased,
                maxErased);
    }

    /** The same with random crops on or off. */
    public Augmentation withCrop(boolean random) {
        return new Augmentation(
                flip, random, shift, rotation, minScale, maxScale, brightness, contrast, erasing, minErased, maxErased);
    }

    /** The same with another largest shift, in pixels. */
    public Augmentation withShift(double pixels) {
        return new Augmentation(
                flip, crop, pixels, rotation, minScale, maxScale, brightness, contrast, erasing, minErased, maxErased);
    }

    /** The same with another largest rotation, in degrees. */
    public Augmentation withRotation(double degrees) {
        return new Augmentation(
                flip, crop, shift, degrees, minScale, maxScale, brightness, contrast, erasing, minErased, maxErased);
    }

    /** The same with another range of magnifications. */
    public Augmentation withScale(double min, double max) {
        return new Augmentation(
                flip, crop, shift, rotation, min, max, brightness, contrast, erasing, minErased, maxErased);
    }

    /** The same with other changes of brightness and contrast. */
    public Augmentation withLight(double brightnessChange, double contrastChange) {
        return new Augmentation(
                flip,
                crop,
                shift,
                rotation,
                minScale,
                maxScale,
                brightnessChange,
                contrastChange,
                erasing,
                minErased,
                maxErased);
    }

    /** The same with another probability and range of areas of the overpainted rectangle. */
    public Augmentation withErasing(double probability, double minArea, double maxArea) {
        return new Augmentation(
                flip, crop, shift, rotation, minScale, maxScale, brightness, contrast, probability, minArea, maxArea);
    }

    /**
     * Augments one batch. Call inside a PointerScope; the result belongs to it.
     *
     * @param images (b, h, w) uint8; places beyond the border take the border's grey level
     * @param size side of the result in pixels; below h and w it is cut out, above it the image is enlarged
     * @param channels channels of the result, all equal: 1 or 3
     * @param step counter of the batch; the same (seed, step) makes the same changes
     * @return (b, channels, size, size) float32 in 0..1, contiguous, on the device of the images
     * @throws IllegalArgumentException if images are not three-dimensional uint8
     */
    public Tensor apply(Tensor images, int size, int channels, long seed, long step) {
        SplittableRandom random = Draws.random(seed, step);
        Tensor grey;
        if (geometric(images, size)) {
            grey = Views.scaled(images, size);
            Tensor theta = onDevice(affine(grey, size, random), images, grey.size(0), 2, 3);
            Tensor grid = torch.affine_grid_generator(theta, new long[] {grey.size(0), 1, size, size}, false);
            grey = torch.grid_sampler_2d(grey, grid, BILINEAR, BORDER, false);
        } else {
            grey = Views.plain(images, size, 1);
        }
        if (brightness > 0 || contrast > 0) {
            grey = light(grey, random);
        }
        if (erasing > 0) {
            grey = erase(grey, size, random);
        }
        // Interpolation may exceed 1 by a rounding error.
        return Views.spread(
                grey.clamp_(new ScalarOptional(new Scalar(0f)), new ScalarOptional(new Scalar(1f))), channels);
    }

    private boolean geometric(Tensor images, int size) {
        boolean cuts = crop && images.dim() == 3 && (images.size(1) > size || images.size(2) > size);
        return cuts || flip > 0 || shift > 0 || rotation > 0 || minScale != 1 || maxScale != 1;
    }

    /** Per image the 2x3 matrix from output to input coordinates, both -1..1 over the picture (grid_sample's). */
    private float[] affine(Tensor grey, int size, SplittableRandom random) {
        int batch = (int) grey.size(0);
        double height = grey.size(2);
        double width = grey.size(3);
        float[] theta = new float[batch * 6];
        for (int i = 0; i < batch; i++) {
            double mirror = random.nextDouble() < flip ? -1 : 1;
            double angle = Math.toRadians(rotation * symmetric(random));
            double zoom = minScale * Math.pow(maxScale / minScale, random.nextDouble());
            double dx = shift * symmetric(random) + cut(width, size, random);
            double dy = shift * symmetric(random) + cut(height, size, random);
            double cos = Math.cos(angle) * size / zoom;
            double sin = Math.sin(angle) * size / zoom;
            theta[i * 6] = (float) (mirror * cos / width);
            theta[i * 6 + 1] = (float) (-sin / width);
            theta[i * 6 + 2] = (float) (2 * dx / width);
            theta[i * 6 + 3] = (float) (mirror * sin / height);
            theta[i * 6 + 4] = (float) (cos / height);
            theta[i * 6 + 5] = (float) (2 * dy / height);
        }
        return theta;
    }

    private static double symmetric(SplittableRandom random) {
        return 2 * random.nextDouble() - 1;
    }

    /** How far the crop's centre lies from the image's: a whole number of pixels from its border, or 0. */
    private double cut(double length, int size, SplittableRandom random) {
        int spare = (int) length - size;
        int start = random.nextInt(spare + 1);
        return (crop ? start : spare / 2) - spare / 2.0;
    }

    private Tensor light(Tensor grey, SplittableRandom random) {
        int batch = (int) grey.size(0);
        float[] gain = new float[batch];
        float[] offset = new float[batch];
        for (int i = 0; i < batch; i++) {
            gain[i] = (float) (1 + contrast * symmetric(random));
            offset[i] = (float) (0.5 * (1 - gain[i]) + brightness * symmetric(random));
        }
        return grey.mul(onDevice(gain, grey, batch, 1, 1, 1)).add_(onDevice(offset, grey, batch, 1, 1, 1));
    }

    private Tensor erase(Tensor grey, int size, SplittableRandom random) {
        int batch = (int) grey.size(0);
        float[][] bounds = new float[5][batch]; // top, bottom, left, right, grey level
        for (int i = 0; i < batch; i++) {
            rectangle(bounds, i, size, random);
        }
        Tensor[] b = Arrays.stream(bounds)
                .map(v -> onDevice(v, grey, batch, 1, 1, 1))
                .toArray(Tensor[]::new);
        Tensor line = torch.arange(new Scalar(size), new TensorOptions(new DeviceOptional(grey.device())));
        Tensor y = line.view(1, 1, size, 1);
        Tensor x = line.view(1, 1, 1, size);
        Tensor rows = y.ge(b[0]).logical_and(y.lt(b[1]));
        Tensor columns = x.ge(b[2]).logical_and(x.lt(b[3]));
        return torch.where(rows.logical_and(columns), b[4], grey);
    }

    /**
     * A rectangle of a random area and an aspect ratio of 0.3 to 3.3 that lies within the picture; empty if not erased.
     */
    private void rectangle(float[][] bounds, int i, int size, SplittableRandom random) {
        double area = (minErased + (maxErased - minErased) * random.nextDouble()) * size * size;
        double ratio = Math.exp(Math.log(3.3) * symmetric(random));
        int height = Math.max(1, (int) Math.min(size, Math.round(Math.sqrt(area * ratio))));
        int width = Math.max(1, (int) Math.min(size, Math.round(area / height)));
        int top = random.nextInt(size - height + 1);
        int left = random.nextInt(size - width + 1);
        boolean erased = random.nextDouble() < erasing;
        bounds[0][i] = top;
        bounds[1][i] = erased ? top + height : top;
        bounds[2][i] = left;
        bounds[3][i] = left + width;
        bounds[4][i] = (float) random.nextDouble();
    }

    private static Tensor onDevice(float[] values, Tensor like, long... shape) {
        return Uploads.floats(values, like.device(), shape);
    }
}
