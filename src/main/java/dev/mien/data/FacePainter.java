package dev.mien.data;

import static dev.mien.data.FaceCanvas.clipped;
import static dev.mien.data.FaceCanvas.ellipse;
import static dev.mien.data.FaceCanvas.lens;
import static dev.mien.data.FaceCanvas.stroke;

import dev.mien.data.FaceCanvas.Shape;
import java.util.SplittableRandom;

/** Draws one person with one expression in one photograph; all that varies comes from one random generator. */
final class FacePainter {

    private static final int SIDE = FaceImages.SIDE;

    private final SplittableRandom random;
    private final FaceGeometry move;
    private final FaceCanvas canvas;

    // The person, in face units.
    private final double skin;
    private final double hair;
    private final double eyeDistance;
    private final double eyeHeight;
    private final double eyeWidth;
    private final double browHeight;
    private final double mouthHeight;
    private final double mouthWidth;
    private final double turn; // features shift sideways when the head turns

    private FacePainter(Expression expression, SplittableRandom random) {
        this.random = random;
        move = FaceGeometry.of(expression, random).times(between(0.75, 1.15));
        canvas = new FaceCanvas(
                between(-0.26, 0.26), 24 * between(0.86, 1.16), 24 + between(-3, 3), 24 + between(-3, 3));
        skin = between(70, 215);
        hair = skin < 110 ? between(10, 50) : between(10, 200);
        turn = between(-0.1, 0.1);
        eyeDistance = between(0.33, 0.41);
        eyeHeight = between(-0.22, -0.14);
        eyeWidth = between(0.13, 0.17);
        browHeight = between(0.19, 0.25);
        mouthHeight = between(0.47, 0.56);
        mouthWidth = between(0.25, 0.33);
    }

    /** Draws a face of 48x48 grey levels into {@code target} from {@code offset} on. */
    static void paint(Expression expression, SplittableRandom random, byte[] target, int offset) {
        FacePainter painter = new FacePainter(expression, random);
        painter.head();
        for (int side = -1; side <= 1; side += 2) {
            painter.eye(side);
            painter.brow(side);
        }
        painter.nose();
        painter.mouth();
        painter.wrinkles();
        painter.accessories();
        painter.photograph();
        painter.canvas.write(target, offset);
    }

    private double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private void head() {
        canvas.background(between(0, 255));
        double width = between(0.72, 0.86);
        canvas.paint(ellipse(0, -0.15, width + 0.13, 1.05), 0, 0, 1.4, hair, chance(0.85) ? 1 : 0);
        canvas.paint(ellipse(0, 0.08, width, 0.97), 0, 0, 1.4, skin, 1);
        canvas.paint(
                ellipse(between(-0.4, 0.4), -1.02, between(0.6, 0.8), between(0.25, 0.5)),
                0,
                -0.9,
                0.9,
                hair,
                chance(0.6) ? 1 : 0);
        double cheek = skin + between(-15, 15);
        canvas.paint(ellipse(turn - 0.45, 0.25, 0.22, 0.2), turn - 0.45, 0.25, 0.3, cheek, 0.5);
        canvas.paint(ellipse(turn + 0.45, 0.25, 0.22, 0.2), turn + 0.45, 0.25, 0.3, cheek, 0.5);
    }

    private void eye(int side) {
        double x = turn + side * eyeDistance;
        double open = Math.max(0.02, 0.075 + move.upperLid() + between(-0.012, 0.012));
        double lower = 0.06 - move.lowerLid();
        Shape opening = lens(x, eyeWidth, eyeHeight, eyeHeight - open, eyeHeight + lower);
        canvas.paint(opening, x, eyeHeight, 0.25, Math.min(250, skin + between(35, 60)), 1);
        double gaze = x + between(-0.02, 0.02);
        canvas.paint(clipped(ellipse(gaze, eyeHeight - 0.01, 0.065, 0.07), opening), x, eyeHeight, 0.25, 15, 1);
        Shape lid = stroke(x - eyeWidth, eyeHeight, x, eyeHeight - open, x + eyeWidth, eyeHeight, 0.045);
        canvas.paint(lid, x, eyeHeight, 0.3, skin * 0.3, 0.9);
        Shape below = stroke(x - eyeWidth, eyeHeight, x, eyeHeight + lower, x + eyeWidth, eyeHeight, 0.025);
        canvas.paint(below, x, eyeHeight, 0.3, skin * 0.5, 0.6);
    }

    private void brow(int side) {
        double y = eyeHeight - browHeight;
        double inner = y + 0.02 - move.innerBrow() + between(-0.012, 0.012);
        double outer = y + 0.03 - move.outerBrow() + between(-0.012, 0.012);
        double arch = 0.03 + move.browArch();
        double pinch = move.innerBrow() < 0 || move.frownLines() > 0 ? 0.04 : 0;
        double x0 = turn + side * (eyeDistance - 0.2 - pinch);
        double x2 = turn + side * (eyeDistance + 0.2);
        Shape shape = stroke(x0, inner, (x0 + x2) / 2, (inner + outer) / 2 - arch, x2, outer, between(0.06, 0.1));
        canvas.paint(shape, (x0 + x2) / 2, y, 0.45, Math.min(hair, skin * 0.55), 0.9);
    }

    private void nose() {
        double shade = skin * between(0.62, 0.8);
        double bridge = turn * 1.3 + between(-0.02, 0.02);
        canvas.paint(stroke(bridge, -0.1, bridge + 0.03, 0.05, bridge, 0.2, 0.03), 0, 0, 0.4, shade, 0.5);
        canvas.paint(ellipse(bridge - 0.08, 0.24, 0.04, 0.025), bridge, 0.24, 0.2, skin * 0.4, 0.8);
        canvas.paint(ellipse(bridge + 0.08, 0.24, 0.04, 0.025), bridge, 0.24, 0.2, skin * 0.4, 0.8);
    }

    private void mouth() {
        double half = Math.max(0.12, mouthWidth + move.mouthWidth());
        double ends = mouthHeight - move.corner();
        double middle = mouthHeight + 0.02;
        double upper = middle - move.upperLip() - move.opening() * 0.35;
        double lower = middle - move.upperLip() * 0.5 + move.opening() * 0.65;
        double lips = skin * between(0.5, 0.72);
        canvas.paint(lens(turn, half + 0.03, ends, upper - 0.07, lower + 0.08), turn, middle, 0.6, lips, 0.8);
        if (move.opening() > 0.01) {
            Shape inside = lens(turn, half, ends, upper, lower);
            canvas.paint(inside, turn, middle, 0.6, skin * 0.15, 1);
            Shape teeth = lens(turn, half * 0.9, ends, upper + 0.01, upper + 0.7 * (lower - upper));
            canvas.paint(clipped(teeth, inside), turn, middle, 0.6, Math.min(250, skin + 70), move.teeth());
        } else {
            Shape line = stroke(turn - half, ends, turn, middle - move.upperLip(), turn + half, ends, 0.045);
            canvas.paint(line, turn, middle, 0.6, skin * 0.2, 1);
        }
    }

    private void wrinkles() {
        double dark = skin * 0.5;
        for (int side = -1; side <= 1; side += 2) {
            double x = turn + side * 0.2;
            Shape fold = stroke(x, 0.2, x + side * 0.15, 0.3, x + side * 0.19, 0.48, 0.045);
            canvas.paint(fold, x, 0.35, 0.4, dark, 0.85 * move.folds());
            double inner = turn + side * 0.05;
            Shape frown = stroke(inner, eyeHeight - 0.22, inner, eyeHeight - 0.12, inner, eyeHeight - 0.03, 0.04);
            canvas.paint(frown, inner, eyeHeight - 0.1, 0.25, dark, 0.9 * move.frownLines());
        }
        for (int i = 0; i < 3; i++) {
            double y = eyeHeight + 0.02 + 0.085 * i;
            Shape wrinkle = stroke(turn - 0.14, y + 0.05, turn, y - 0.03, turn + 0.14, y + 0.05, 0.035);
            canvas.paint(wrinkle, turn, y, 0.25, dark, 0.9 * move.noseWrinkle());
            double line = eyeHeight - 0.42 - 0.09 * i;
            Shape forehead = stroke(turn - 0.3, line, turn, line - 0.03, turn + 0.3, line, 0.03);
            canvas.paint(forehead, turn, line, 0.4, dark, 0.7 * move.foreheadLines());
        }
    }

    private void accessories() {
        if (chance(0.12)) {
            glasses();
        }
        if (chance(0.12)) {
            Shape beard = clipped(ellipse(0, 0.75, 0.6, 0.4), (x, y) -> y - mouthHeight - 0.12);
            canvas.paint(beard, 0, 0.75, 0.75, hair, between(0.3, 0.7));
        }
        if (chance(0.15)) {
            // A hand or a strand of hair at the rim; the middle of the face stays visible.
            double angle = between(0, 2 * Math.PI);
            double x = 0.95 * Math.cos(angle);
            double y = 0.95 * Math.sin(angle);
            canvas.paint(ellipse(x, y, between(0.15, 0.4), between(0.15, 0.4)), x, y, 0.45, between(0, 255), 1);
        }
    }

    private void glasses() {
        double frame = between(0, 80);
        for (int side = -1; side <= 1; side += 2) {
            double x = turn + side * eyeDistance;
            Shape rim = ellipse(x, eyeHeight, 0.25, 0.2);
            Shape glass = ellipse(x, eyeHeight, 0.21, 0.16);
            canvas.paint(clipped(rim, (px, py) -> -glass.inside(px, py)), x, eyeHeight, 0.3, frame, 0.8);
        }
        canvas.paint(
                stroke(turn - 0.14, eyeHeight, turn, eyeHeight - 0.03, turn + 0.14, eyeHeight, 0.04),
                turn,
                eyeHeight,
                0.2,
                frame,
                0.8);
    }

    /** Light from one side, exposure, focus and noise. */
    private void photograph() {
        double slope = between(0, 0.55);
        double direction = between(0, 2 * Math.PI);
        double dx = slope * Math.cos(direction) / SIDE;
        double dy = slope * Math.sin(direction) / SIDE;
        double gain = between(0.6, 1.25);
        double offset = between(-25, 35);
        double noise = between(1, 11);
        canvas.blur(between(0, 0.22));
        for (int i = 0; i < canvas.grey.length; i++) {
            double light = 1 + dx * (i % SIDE - SIDE / 2) + dy * (i / SIDE - SIDE / 2);
            // The sum of three uniform draws has variance 1/4: close to normal and much cheaper.
            double grain = 2 * (random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5);
            canvas.grey[i] = canvas.grey[i] * gain * light + offset + noise * grain;
        }
    }
}
