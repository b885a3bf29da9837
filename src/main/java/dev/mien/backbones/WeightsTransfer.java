package dev.mien.backbones;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** Copies tensors into those of a network by name, all of them or none. */
final class WeightsTransfer {

    /** The convolutions in torchvision's names; the rest is a head for other classes. */
    private static final String FEATURES = "features.";

    /** The counter of batches in BatchNorm, which neither old files nor every network have and nothing here reads. */
    private static final String COUNTER = "num_batches_tracked";

    private final Map<String, Tensor> sources;
    private final Map<String, Tensor> targets;

    WeightsTransfer(Map<String, Tensor> sources, Map<String, Tensor> targets) {
        this.sources = sources;
        this.targets = targets;
    }

    /** Every tensor into its namesake. */
    WeightsReport all() {
        return copy(sources);
    }

    /** The convolutions of an ImageNet network; the head stays as it is. */
    WeightsReport features(WeightsScaling scaling) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Map<String, Tensor> features = new LinkedHashMap<>();
            sources.forEach((name, tensor) -> {
                if (name.startsWith(FEATURES)) {
                    features.put(name, tensor);
                }
            });
            if (features.isEmpty()) {
                throw new IllegalArgumentException(
                        "the weights have no tensors named " + FEATURES + "*, as torchvision's VGG has");
            }
            adaptInput(features, scaling);
            return copy(features);
        }
    }

    private void adaptInput(Map<String, Tensor> features, WeightsScaling scaling) {
        Tensor weight = features.get(FEATURES + "0.weight");
        Tensor bias = features.get(FEATURES + "0.bias");
        Tensor target = targets.get(FEATURES + "0.weight");
        if (weight == null
                || bias == null
                || target == null
                || weight.dim() != 4
                || weight.size(1) != 3
                || target.dim() != 4) {
            return; // copy() says what is wrong
        }
        Tensor adapted = weight.toType(torch.ScalarType.Double);
        if (scaling == WeightsScaling.UNIT) {
            adapted = adapted.div(
                    channels(WeightsScaling.deviation(0), WeightsScaling.deviation(1), WeightsScaling.deviation(2)));
            Tensor shift =
                    adapted.mul(channels(WeightsScaling.mean(0), WeightsScaling.mean(1), WeightsScaling.mean(2)));
            features.put(
                    FEATURES + "0.bias", bias.toType(torch.ScalarType.Double).sub(shift.sum(1, 2, 3)));
        }
        if (target.size(1) == 1) {
            adapted = adapted.sum(new long[] {1}, true, new ScalarTypeOptional());
        }
        features.put(FEATURES + "0.weight", adapted);
    }

    /** Three values as (1, 3, 1, 1) float64. */
    private static Tensor channels(double red, double green, double blue) {
        return Tensor.create(new double[] {red, green, blue}, 1, 3, 1, 1);
    }

    private WeightsReport copy(Map<String, Tensor> given) {
        List<String> missing = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        List<String> loaded = new ArrayList<>();
        List<String> untouched = new ArrayList<>();
        boolean partial = given != sources;
        targets.forEach((name, target) -> {
            Tensor source = given.get(name);
            if (source == null && (name.endsWith(COUNTER) || (partial && !name.startsWith(FEATURES)))) {
                untouched.add(name);
            } else if (source == null) {
                missing.add(name);
            } else if (!Arrays.equals(WeightsMemory.shape(source), WeightsMemory.shape(target))) {
                wrong.add(name + " is " + Arrays.toString(WeightsMemory.shape(source)) + ", not "
                        + Arrays.toString(WeightsMemory.shape(target)));
            } else {
                loaded.add(name);
            }
        });
        List<String> unexpected = new ArrayList<>(given.keySet());
        unexpected.removeIf(name -> targets.containsKey(name) || name.endsWith(COUNTER));
        refuse(missing, unexpected, wrong);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            loaded.forEach(name -> targets.get(name).copy_(given.get(name)));
        }
        List<String> skipped = new ArrayList<>(sources.keySet());
        skipped.removeAll(new HashSet<>(loaded));
        return new WeightsReport(loaded, skipped, untouched);
    }

    private static void refuse(List<String> missing, List<String> unexpected, List<String> wrong) {
        List<String> faults = new ArrayList<>();
        describe(faults, "missing", missing);
        describe(faults, "unexpected", unexpected);
        describe(faults, "of another shape", wrong);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("the weights do not fit the network: " + String.join("; ", faults));
        }
    }

    private static void describe(List<String> faults, String kind, List<String> names) {
        if (!names.isEmpty()) {
            faults.add(names.size() + " " + kind + " (" + WeightsFile.list(names) + ")");
        }
    }
}
