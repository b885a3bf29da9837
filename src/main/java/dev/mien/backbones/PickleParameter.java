package dev.mien.backbones;

/**
 * A {@code torch.nn.Parameter} while it is unpickled; very old files hand over its tensor only afterwards, as state.
 */
final class PickleParameter {

    private PyTorchTensor tensor;

    PickleParameter(Object[] arguments) {
        if (arguments.length > 0 && arguments[0] instanceof PyTorchTensor data) {
            tensor = data;
        }
    }

    /** Takes the state (data, ..) of PyTorch before 0.4; later states carry no data. */
    void setState(Object[] state) {
        if (state.length > 0 && state[0] instanceof PyTorchTensor data) {
            tensor = data;
        }
    }

    PyTorchTensor tensor() {
        if (tensor == null) {
            throw new PickleRefusal("holds a parameter without a tensor");
        }
        return tensor;
    }
}
