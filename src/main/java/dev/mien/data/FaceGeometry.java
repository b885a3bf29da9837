package dev.mien.data;

import java.util.SplittableRandom;

/**
 * What the muscles do, as offsets from the same person's relaxed face in face units (half the picture is 1). The signs
 * follow the action units of FACS (Ekman and Friesen 1978), named beside each.
 *
 * @param innerBrow inner end of the brow, up positive (AU1; AU4 lowers it)
 * @param outerBrow outer end of the brow, up positive (AU2)
 * @param browArch how much the middle of the brow bows up beyond its ends
 * @param upperLid how much farther the upper lid opens (AU5; AU43 closes it)
 * @param lowerLid how much the lower lid rises (AU6, AU7)
 * @param mouthWidth how much wider each half of the mouth is (AU12, AU20; AU18 narrows)
 * @param corner corners of the mouth, up positive (AU12; AU15 lowers)
 * @param opening how far the lips part in the middle (AU25, AU26)
 * @param upperLip how much the middle of the upper lip rises (AU10)
 * @param teeth visibility of teeth in the open mouth, 0..1
 * @param noseWrinkle strength of wrinkles across the nose, 0..1 (AU9)
 * @param folds strength of the folds from nose to mouth, 0..1
 * @param foreheadLines strength of lines across the forehead, 0..1
 * @param frownLines strength of the upright lines between the brows, 0..1 (AU4)
 */
record FaceGeometry(
        double innerBrow,
        double outerBrow,
        double browArch,
        double upperLid,
        double lowerLid,
        double mouthWidth,
        double corner,
        double opening,
        double upperLip,
        double teeth,
        double noseWrinkle,
        double folds,
        double foreheadLines,
        double frownLines) {

    /** One way to show an expression: many people smile with closed lips, some with open ones. */
    static FaceGeometry of(Expression expression, SplittableRandom random) {
        boolean open = random.nextDouble() < 0.6;
        return switch (expression) {
            case ANGRY -> open
                    ? new FaceGeometry(-.14, .05, -.02, -.02, .03, .02, -.07, .13, 0, .9, 0, .2, 0, 1)
                    : new FaceGeometry(-.14, .05, -.02, -.03, .03, -.05, -.06, 0, 0, 0, 0, .1, 0, 1);
            case DISGUST -> new FaceGeometry(-.07, -.05, 0, -.07, .06, -.06, -.08, .09, .13, .5, 1, 1, 0, .2);
            case FEAR -> new FaceGeometry(.13, .03, -.02, .08, 0, .08, -.05, .13, 0, .5, 0, 0, 1, .2);
            case HAPPY -> open
                    ? new FaceGeometry(0, 0, .02, -.02, .05, .12, .12, .15, -.03, 1, 0, .7, 0, 0)
                    : new FaceGeometry(0, 0, .02, -.02, .05, .13, .14, 0, 0, 0, 0, .7, 0, 0);
            case NEUTRAL -> new FaceGeometry(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
            case SAD -> new FaceGeometry(.13, -.09, -.01, -.06, 0, -.05, -.13, 0, .02, 0, 0, .2, .2, 0);
            case SURPRISE -> new FaceGeometry(.13, .12, .08, .09, 0, -.09, 0, .3, .04, 0, 0, 0, .6, 0);
        };
    }

    /** The expression shown with the given strength; 1 is full. */
    FaceGeometry times(double s) {
        return new FaceGeometry(
                innerBrow * s,
                outerBrow * s,
                browArch * s,
                upperLid * s,
                lowerLid * s,
                mouthWidth * s,
                corner * s,
                opening * s,
                upperLip * s,
                teeth,
                Math.min(1, noseWrinkle * s),
                Math.min(1, folds * s),
                Math.min(1, foreheadLines * s),
                Math.min(1, frownLines * s));
    }
}
