package dev.mien.miners;

import dev.mien.kernels.Kernels;
import dev.mien.kernels.NativeKernels;
import dev.mien.kernels.TorchKernels;
import java.util.List;

/** The native library and plain Java, whatever the environment says. */
final class BothKernels {

    static final List<Kernels> LIST = List.of(new NativeKernels(), new TorchKernels());

    private BothKernels() {}
}
