package dev.mien.backbones;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the one dictionary of named tensors in what a PyTorch file holds. */
final class PyTorchStateDict {

    /** What training scripts call the state_dict inside a checkpoint, beside the optimiser and the epoch. */
    private static final List<String> USUAL =
            List.of("state_dict", "model_state_dict", "model", "net", "weights", "module");

    /** Put before every name by {@code DataParallel}. */
    private static final String WRAPPER = "module.";

    private PyTorchStateDict() {}

    /**
     * Named tensors in their order: the dictionary itself when it holds tensors, else the one inside it; entries that
     * are no tensors are passed over.
     */
    static Map<String, PyTorchTensor> find(Object root) {
        if (!(root instanceof Map<?, ?> top)) {
            throw new PickleRefusal("holds no dictionary of tensors");
        }
        Map<String, PyTorchTensor> tensors = tensors(top);
        return unwrap(tensors.isEmpty() && !top.isEmpty() ? nested(top) : tensors);
    }

    private static Map<String, PyTorchTensor> nested(Map<?, ?> top) {
        Map<String, Map<String, PyTorchTensor>> found = new LinkedHashMap<>();
        top.forEach((key, value) -> {
            if (key instanceof String name
                    && value instanceof Map<?, ?> map
                    && !tensors(map).isEmpty()) {
                found.put(name, tensors(map));
            }
        });
        List<String> candidates = new ArrayList<>(found.keySet());
        if (candidates.size() > 1) {
            candidates.retainAll(USUAL);
        }
        if (candidates.size() != 1) {
            throw new PickleRefusal(
                    found.isEmpty()
                            ? "holds no dictionary of tensors"
                            : "holds several dictionaries of tensors (" + WeightsFile.list(found.keySet())
                                    + "); save the one you mean");
        }
        return found.get(candidates.get(0));
    }

    private static Map<String, PyTorchTensor> tensors(Map<?, ?> map) {
        Map<String, PyTorchTensor> tensors = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (key instanceof String name && value instanceof PyTorchTensor tensor) {
                tensors.put(name, tensor);
            } else if (key instanceof String name && value instanceof PickleParameter parameter) {
                tensors.put(name, parameter.tensor());
            }
        });
        return tensors;
    }

    private static Map<String, PyTorchTensor> unwrap(Map<String, PyTorchTensor> tensors) {
        if (!tensors.keySet().stream().allMatch(name -> name.startsWith(WRAPPER))) {
            return tensors;
        }
        Map<String, PyTorchTensor> unwrapped = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> unwrapped.put(name.substring(WRAPPER.length()), tensor));
        return unwrapped;
    }
}
