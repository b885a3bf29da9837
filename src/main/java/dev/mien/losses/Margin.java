package dev.mien.losses;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** What a triplet costs, given its violation dp - dn. */
public sealed interface Margin {

    /** max(0, dp - dn + margin). */
    record Hinge(double margin) implements Margin {
        /** Checks the margin: finite and 0 or more; {@link IllegalArgumentException} otherwise. */
        public Hinge {
            if (!(margin >= 0) || Double.isInfinite(margin)) {
                throw new IllegalArgumentException("the margin must be finite and 0 or more, not " + margin);
            }
        }

        @Override
        public Tensor cost(Tensor violation) {
            return violation.add(new Scalar(margin)).relu();
        }
    }

    /** log(1 + exp(dp - dn)) (Hermans et al., 2017), which is never 0; computed without overflow. */
    record Soft() implements Margin {
        @Override
        public Tensor cost(Tensor violation) {
            return torch.softplus(violation);
        }
    }

    /** The cost of each triplet: (t) from (t), differentiable. */
    Tensor cost(Tensor violation);

    /** A hinge at {@code margin}. */
    static Margin hinge(double margin) {
        return new Hinge(margin);
    }

    /** The soft margin. */
    static Margin soft() {
        return new Soft();
    }
}
