package dev.mien.losses;

import dev.mien.internal.NativeRuntime;
import dev.mien.internal.Uploads;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Softmax cross entropy, the mean over a batch, with label smoothing (Szegedy et al., 2016) and weights per class. */
public final class CrossEntropyLoss {

    static {
        NativeRuntime.load();
    }

    private static final int MEAN = 1;
    private static final long NO_IGNORED_CLASS = -100;

    private final double labelSmoothing;
    private final float[] classWeights;

    /**
     * A loss.
     *
     * @param labelSmoothing in 0..1 (1 excluded): the share of a label's mass that is spread evenly over all classes
     * @param classWeights (c) positive weights, or null for equal ones; the mean is weighted by them
     */
    public CrossEntropyLoss(double labelSmoothing, float[] classWeights) {
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw new IllegalArgumentException("label smoothing must be in 0..1, 1 excluded, not " + labelSmoothing);
        }
        this.labelSmoothing = labelSmoothing;
        this.classWeights = classWeights == null ? null : classWeights.clone();
        for (int i = 0; classWeights != null && i < classWeights.length; i++) {
            if (!(classWeights[i] > 0) || Float.isInfinite(classWeights[i])) {
                throw new IllegalArgumentException(
                        "the weight of class %d must be positive, not %s".formatted(i, classWeights[i]));
            }
        }
    }

    /** Plain cross entropy. */
    public CrossEntropyLoss() {
        this(0, null);
    }

    /**
     * The loss of a batch.
     *
     * @param logits (n, c); bfloat16 and float16 are computed in float32
     * @param labels (n) int64 in 0..c-1
     * @return scalar, differentiable
     * @throws IllegalArgumentException if the shapes disagree with each other or with the class weights
     */
    public Tensor of(Tensor logits, Tensor labels) {
        if (logits.dim() != 2 || labels.dim() != 1 || logits.size(0) != labels.size(0)) {
            throw new IllegalArgumentException(
                    "logits (n, c) and labels (n) are needed, not %s and %s".formatted(shape(logits), shape(labels)));
        }
        if (classWeights != null && classWeights.length != logits.size(1)) {
            throw new IllegalArgumentException(
                    "%d class weights for %d classes".formatted(classWeights.length, logits.size(1)));
        }
        ScalarType type = logits.scalar_type().intern();
        Tensor wide = type == ScalarType.Float || type == ScalarType.Double ? logits : logits.to(ScalarType.Float);
        TensorOptional weight = classWeights == null
                ? new TensorOptional()
                : new TensorOptional(Uploads.floats(classWeights, wide.device(), classWeights.length)
                        .to(wide.scalar_type()));
        return torch.cross_entropy_loss(wide, labels, weight, MEAN, NO_IGNORED_CLASS, labelSmoothing);
    }

    private static String shape(Tensor tensor) {
        StringBuilder shape = new StringBuilder("(");
        for (long i = 0; i < tensor.dim(); i++) {
            shape.append(i == 0 ? "" : ", ").append(tensor.size(i));
        }
        return shape.append(')').toString();
    }
}
