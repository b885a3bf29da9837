package dev.mien.data;

import java.util.Arrays;

/**
 * A small grey picture on which shapes are painted in face coordinates: the origin lies at the face's centre, one unit
 * is half the picture, x runs right and y down. Edges are smoothed over one pixel.
 */
final class FaceCanvas {

    private static final int SIDE = FaceImages.SIDE;

    /** Grey levels (48 x 48), row-major, not yet bounded to 0..255. */
    final double[] grey = new double[SIDE * SIDE];

    private final double scale; // pixels per face unit
    private final double cos;
    private final double sin;
    private final double centreX;
    private final double centreY;

    /** The pose: rotation in radians, pixels per unit, and where the face's centre lies, in pixels. */
    FaceCanvas(double rotation, double scale, double centreX, double centreY) {
        this.scale = scale;
        this.cos = Math.cos(rotation);
        this.sin = Math.sin(rotation);
        this.centreX = centreX;
        this.centreY = centreY;
    }

    /** A region of the face plane. */
    @FunctionalInterface
    interface Shape {
        /** Distance to the border in face units, roughly: positive inside, negative outside. */
        double inside(double x, double y);
    }

    /** An ellipse around (cx, cy). */
    static Shape ellipse(double cx, double cy, double rx, double ry) {
        double narrow = Math.min(rx, ry);
        return (x, y) -> (1 - Math.hypot((x - cx) / rx, (y - cy) / ry)) * narrow;
    }

    /** The region between two parabolas that meet at (cx +- half, end): an eye or a mouth. */
    static Shape lens(double cx, double half, double end, double upper, double lower) {
        return (x, y) -> {
            double t = (x - cx) / half;
            double bulge = 1 - t * t;
            double top = end + (upper - end) * bulge;
            double bottom = end + (lower - end) * bulge;
            return Math.min((1 - Math.abs(t)) * half, Math.min(y - top, bottom - y));
        };
    }

    /**
     * A stroke of the given width along the quadratic curve from (x0, y0) through (x1, y1) at its middle to (x2, y2).
     */
    static Shape stroke(double x0, double y0, double x1, double y1, double x2, double y2, double width) {
        int pieces = 6;
        double[] px = new double[pieces + 1];
        double[] py = new double[pieces + 1];
        for (int i = 0; i <= pieces; i++) {
            double t = (double) i / pieces;
            double bulge = 4 * t * (1 - t);
            px[i] = x0 + (x2 - x0) * t + (x1 - (x0 + x2) / 2) * bulge;
            py[i] = y0 + (y2 - y0) * t + (y1 - (y0 + y2) / 2) * bulge;
        }
        return (x, y) -> {
            double nearest = Double.MAX_VALUE;
            for (int i = 0; i < pieces; i++) {
                double dx = px[i + 1] - px[i];
                double dy = py[i + 1] - py[i];
                double t = ((x - px[i]) * dx + (y - py[i]) * dy) / (dx * dx + dy * dy + 1e-12);
                t = Math.max(0, Math.min(1, t));
                double ex = x - px[i] - t * dx;
                double ey = y - py[i] - t * dy;
                nearest = Math.min(nearest, ex * ex + ey * ey);
            }
            return width / 2 - Math.sqrt(nearest);
        };
    }

    /** The part of a shape that lies within another. */
    static Shape clipped(Shape shape, Shape within) {
        return (x, y) -> Math.min(shape.inside(x, y), within.inside(x, y));
    }

    /** Sets every pixel. */
    void background(double level) {
        Arrays.fill(grey, level);
    }

    /**
     * Blends a shape in.
     *
     * @param radius the shape lies within this distance of (cx, cy); pixels farther away are not asked
     * @param opacity 0..1
     */
    void paint(Shape shape, double cx, double cy, double radius, double level, double opacity) {
        double x0 = centreX + scale * (cos * cx - sin * cy);
        double y0 = centreY + scale * (sin * cx + cos * cy);
        double reach = scale * radius + 1;
        int left = Math.max(0, (int) Math.floor(x0 - reach));
        int right = Math.min(SIDE - 1, (int) Math.ceil(x0 + reach));
        int top = Math.max(0, (int) Math.floor(y0 - reach));
        int bottom = Math.min(SIDE - 1, (int) Math.ceil(y0 + reach));
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double dx = (column + 0.5 - centreX) / scale;
                double dy = (row + 0.5 - centreY) / scale;
                double distance = shape.inside(cos * dx + sin * dy, cos * dy - sin * dx);
                double coverage = Math.max(0, Math.min(1, distance * scale + 0.5)) * opacity;
                int i = row * SIDE + column;
                grey[i] += (level - grey[i]) * coverage;
            }
        }
    }

    /** Blurs with the kernel (w, 1 - 2w, w) in both directions; w in 0..0.25. */
    void blur(double w) {
        blurLines(w, SIDE, 1);
        blurLines(w, 1, SIDE);
    }

    private void blurLines(double w, int line, int step) {
        for (int start = 0; start < SIDE; start++) {
            double before = grey[start * line];
            for (int i = 0; i < SIDE; i++) {
                int at = start * line + i * step;
                double here = grey[at];
                double after = i == SIDE - 1 ? here : grey[at + step];
                grey[at] = here + w * (before - 2 * here + after);
                before = here;
            }
        }
    }

    /** Rounds to bytes 0..255 into {@code target} from {@code offset} on. */
    void write(byte[] target, int offset) {
        for (int i = 0; i < grey.length; i++) {
            target[offset + i] = (byte) Math.round(Math.max(0, Math.min(255, grey[i])));
        }
    }
}
