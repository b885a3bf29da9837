package dev.mien.backbones;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;

/** The Python globals that a file of tensors may name, and what stands in for each here. */
final class PickleGlobals {

    /** A storage class such as {@code torch.FloatStorage}; named, never called. */
    record StorageType(WeightsType type) {}

    private static final Map<String, IObjectConstructor> CONSTRUCTORS = Map.of(
            "collections.OrderedDict", PickleGlobals::orderedDict,
            "torch.Size", arguments -> arguments.length == 1 ? arguments[0] : arguments,
            "torch._utils._rebuild_tensor", PickleGlobals::tensor,
            "torch._utils._rebuild_tensor_v2", PickleGlobals::tensor,
            "torch._utils._rebuild_parameter", PickleParameter::new,
            "torch._utils._rebuild_parameter_with_state", PickleParameter::new,
            "torch.nn.parameter.Parameter", PickleParameter::new);

    private PickleGlobals() {}

    /** What stands for a global; any that is not on the list is refused by name. */
    static Object find(String module, String name) {
        String global = module + "." + name;
        IObjectConstructor constructor = CONSTRUCTORS.get(global);
        if (constructor != null) {
            return constructor;
        }
        WeightsType type = module.equals("torch") || module.equals("torch.cuda") ? WeightsType.ofStorage(name) : null;
        if (type == null) {
            throw new PickleRefusal("has a pickle that names the Python global " + WeightsFile.quote(global)
                    + ", which a file of tensors has no need of; nothing was executed (save the state_dict,"
                    + " not the module)");
        }
        return new StorageType(type);
    }

    /** Python 2 hands the items over as a list of pairs, Python 3 sets them afterwards. */
    private static Object orderedDict(Object[] arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        Object items = arguments.length == 0 ? List.of() : arguments[0];
        if (arguments.length > 1 || !(items instanceof List<?> pairs)) {
            throw new PickleRefusal("has a broken OrderedDict");
        }
        for (Object item : pairs) {
            Object[] pair =
                    item instanceof List<?> list ? list.toArray() : item instanceof Object[] array ? array : null;
            if (pair == null || pair.length != 2 || !(pair[0] instanceof String)) {
                throw new PickleRefusal("has a broken OrderedDict");
            }
            map.put(pair[0], pair[1]);
        }
        return map;
    }

    /** (storage, offset, shape, strides, ..); whether a gradient is wanted and hooks are of no use here. */
    private static Object tensor(Object[] arguments) {
        if (arguments.length < 4 || !(arguments[0] instanceof PyTorchStorage storage)) {
            throw new PickleRefusal("has a tensor without a storage");
        }
        PyTorchTensor tensor =
                new PyTorchTensor(storage, whole(arguments[1]), wholes(arguments[2]), wholes(arguments[3]));
        String fault = tensor.fault();
        if (fault != null) {
            throw new PickleRefusal(
                    "has a tensor in the storage " + WeightsFile.quote(storage.key()) + " that " + fault);
        }
        return tensor;
    }

    private static long[] wholes(Object values) {
        Object[] array =
                values instanceof List<?> list ? list.toArray() : values instanceof Object[] given ? given : null;
        if (array == null) {
            throw new PickleRefusal("has a tensor whose shape is not a tuple");
        }
        long[] numbers = new long[array.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = whole(array[i]);
        }
        return numbers;
    }

    /** A whole number; anything else, or one beyond int64, is refused. */
    static long whole(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        String found = value instanceof BigInteger ? "a number beyond 64 bits" : "something that is no whole number";
        throw new PickleRefusal("has a pickle with " + found + " for a size");
    }
}
