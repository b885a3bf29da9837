package dev.mien.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Triplets that come block by block; their tensors live as long as the scope in which this was made. */
final class TripletParts {

    private final PointerScope scope = PointerScope.getInnerScope();
    private final List<Tensor> anchors = new ArrayList<>();
    private final List<Tensor> positives = new ArrayList<>();
    private final List<Tensor> negatives = new ArrayList<>();

    /** Adds (t_i) of each. */
    void add(Tensor anchor, Tensor positive, Tensor negative) {
        anchors.add(keep(scope, anchor));
        positives.add(keep(scope, positive));
        negatives.add(keep(scope, negative));
    }

    /** Lets a tensor of an inner scope live as long as {@code scope}. */
    static Tensor keep(PointerScope scope, Tensor tensor) {
        if (scope != PointerScope.getInnerScope()) {
            scope.attach(tensor);
        }
        return tensor;
    }

    static Tensor join(List<Tensor> parts) {
        return parts.size() == 1 ? parts.get(0) : torch.cat(new TensorVector(parts.toArray(Tensor[]::new)), 0);
    }

    /** All of them, in order. */
    Selection selection() {
        return Selection.of(join(anchors), join(positives), join(negatives));
    }
}
