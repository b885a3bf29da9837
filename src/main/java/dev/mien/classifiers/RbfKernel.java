package dev.mien.classifiers;

import dev.mien.data.FloatMatrix;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** exp(-gamma |a - b|^2) for all pairs of rows, by one matrix product. The caller holds a PointerScope. */
final class RbfKernel {

    private RbfKernel() {}

    /** The kernel (n, m) of rows a (n, d) and b (m, d). */
    static Tensor of(Tensor a, Tensor b, double gamma) {
        Tensor squaresA = a.mul(a).sum(new long[] {1}).unsqueeze(1);
        Tensor squaresB = b.mul(b).sum(new long[] {1}).unsqueeze(0);
        Tensor kernel = a.mm(b.t());
        // in place: for the largest pair of FER2013's classes one such matrix is 593 MB
        kernel.mul_(new Scalar(-2.0)).add_(squaresA).add_(squaresB).clamp_min_(new Scalar(0.0));
        return kernel.mul_(new Scalar(-gamma)).exp_();
    }

    /** The kernel (n, n) of rows with themselves, ones on its diagonal. */
    static Tensor of(FloatMatrix rows, double gamma) {
        Tensor tensor = Tensors.of(rows);
        Tensor kernel = of(tensor, tensor, gamma);
        kernel.fill_diagonal_(new Scalar(1.0));
        return kernel;
    }
}
