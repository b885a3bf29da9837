package dev.mien.backbones;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.razorvine.pickle.IObjectConstructor;
import net.razorvine.pickle.Opcodes;
import net.razorvine.pickle.PickleUtils;
import net.razorvine.pickle.Unpickler;

/**
 * Reads the pickles inside PyTorch files and refuses every other: operations and globals come from short lists, and
 * nothing that a pickle names is looked up, loaded or called.
 *
 * <p>The library's own table of constructors (dates, sets, arrays, exceptions, classes) is never consulted, lengths
 * are checked against the bytes that are left before anything is allocated, and the number of operations is bounded.
 * Dictionaries keep their order.
 */
final class PickleReader extends Unpickler {

    /** Pickles of state dictionaries take some 200 bytes a tensor; more than this is not one. */
    static final int MAX_BYTES = 16 << 20;

    private static final int MAX_OPERATIONS = 4 << 20;

    private final Map<String, PyTorchStorage> storages = new LinkedHashMap<>();
    private final ByteArrayInputStream bytes;
    private final int length;
    private int operations;

    /** A reader of the pickles that follow each other in {@code pickles}. */
    PickleReader(byte[] pickles) {
        bytes = new ByteArrayInputStream(pickles);
        length = pickles.length;
    }

    /** Reads the next pickle; fails with a {@link PickleRefusal} whose message continues a sentence about the file. */
    Object next() {
        memo.clear();
        try {
            return load(bytes);
        } catch (PickleRefusal e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The library meets a broken pickle as an index, a cast or an end of file that was not there.
            throw new PickleRefusal("has a broken pickle near byte " + position(), e);
        }
    }

    /** Bytes read so far. */
    int position() {
        return length - bytes.available();
    }

    /** Every storage that the pickles so far have named, by key. */
    Map<String, PyTorchStorage> storages() {
        return storages;
    }

    @Override
    protected Object dispatch(short operation) throws IOException {
        if (++operations > MAX_OPERATIONS) {
            throw new PickleRefusal("has a pickle of more than " + MAX_OPERATIONS + " operations");
        }
        switch (operation) {
            case Opcodes.GLOBAL -> stack.add(PickleGlobals.find(line(), line()));
            case Opcodes.STACK_GLOBAL -> {
                String name = text(stack.pop());
                stack.add(PickleGlobals.find(text(stack.pop()), name));
            }
            case Opcodes.EMPTY_DICT -> stack.add(new LinkedHashMap<Object, Object>());
            case Opcodes.SETITEM -> {
                Object value = stack.pop();
                put(stack.pop(), value);
            }
            case Opcodes.SETITEMS -> {
                List<Object> pairs = stack.pop_all_since_marker();
                for (int i = 0; i < pairs.size(); i += 2) {
                    put(pairs.get(i), pairs.get(i + 1));
                }
            }
            case Opcodes.REDUCE, Opcodes.NEWOBJ -> construct();
            case Opcodes.BUILD -> build();
            case Opcodes.BINUNICODE, Opcodes.BINSTRING -> {
                checkLength();
                return super.dispatch(operation);
            }
            default -> {
                return dispatchHarmless(operation);
            }
        }
        return NO_RETURN_VALUE;
    }

    /** Operations that only move bounded values about. */
    private Object dispatchHarmless(short operation) throws IOException {
        return switch (operation) {
            case Opcodes.PROTO,
                    Opcodes.FRAME,
                    Opcodes.STOP,
                    Opcodes.MARK,
                    Opcodes.NONE,
                    Opcodes.NEWTRUE,
                    Opcodes.NEWFALSE,
                    Opcodes.BININT,
                    Opcodes.BININT1,
                    Opcodes.BININT2,
                    Opcodes.LONG1,
                    Opcodes.BINFLOAT,
                    Opcodes.SHORT_BINUNICODE,
                    Opcodes.SHORT_BINSTRING,
                    Opcodes.EMPTY_TUPLE,
                    Opcodes.TUPLE,
                    Opcodes.TUPLE1,
                    Opcodes.TUPLE2,
                    Opcodes.TUPLE3,
                    Opcodes.EMPTY_LIST,
                    Opcodes.APPEND,
                    Opcodes.APPENDS,
                    Opcodes.BINPUT,
                    Opcodes.LONG_BINPUT,
                    Opcodes.MEMOIZE,
                    Opcodes.BINGET,
                    Opcodes.LONG_BINGET,
                    Opcodes.BINPERSID -> super.dispatch(operation);
            default -> throw new PickleRefusal(String.format(
                    "has a pickle with operation 0x%02x near byte %d, which files of tensors do not use",
                    operation, position()));
        };
    }

    private String line() throws IOException {
        return PickleUtils.readline(input);
    }

    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw new PickleRefusal("has a pickle that names a global by something other than text");
    }

    /** Only plain keys: hashing nested lists or dictionaries may take for ever. */
    private void put(Object key, Object value) {
        if (!(key instanceof String || key instanceof Number || key instanceof Boolean)) {
            throw new PickleRefusal("has a pickled dictionary whose keys are neither text nor numbers");
        }
        @SuppressWarnings("unchecked")
        Map<Object, Object> map = (LinkedHashMap<Object, Object>) stack.peek();
        map.put(key, value);
    }

    private void construct() {
        Object arguments = stack.pop();
        Object constructor = stack.pop();
        if (!(arguments instanceof Object[] values) || !(constructor instanceof IObjectConstructor known)) {
            throw new PickleRefusal(
                    "has a pickle that calls something that is no constructor, near byte " + position());
        }
        stack.add(known.construct(values));
    }

    /** State after construction: attributes of a dictionary (the {@code _metadata} of modules) are of no use here. */
    private void build() {
        Object state = stack.pop();
        Object target = stack.peek();
        if (target instanceof PickleParameter parameter && state instanceof Object[] values) {
            parameter.setState(values);
        } else if (!(target instanceof Map)) {
            throw new PickleRefusal(
                    "has a pickle that sets the state of an unexpected object, near byte " + position());
        }
    }

    private void checkLength() throws IOException {
        bytes.mark(0);
        long claimed = PickleUtils.bytes_to_uint(PickleUtils.readbytes(bytes, 4), 0);
        int left = bytes.available();
        bytes.reset();
        if (claimed > left) {
            throw new PickleRefusal(
                    "has a pickle that claims a text of " + claimed + " bytes where " + left + " are left");
        }
    }

    /**
     * A storage: ("storage", type, key, location, count) and, in the legacy format, a view (key, start, count) or
     * None.
     */
    @Override
    protected Object persistentLoad(Object id) {
        if (!(id instanceof Object[] parts)
                || parts.length < 5
                || !"storage".equals(parts[0])
                || !(parts[1] instanceof PickleGlobals.StorageType storage)
                || !(parts[2] instanceof String key)
                || !(parts[4] instanceof Number number)) {
            throw new PickleRefusal(
                    "has a pickle that refers to something other than a storage, near byte " + position());
        }
        long count = PickleGlobals.whole(number);
        PyTorchStorage whole = new PyTorchStorage(storage.type(), key, count, 0, count);
        PyTorchStorage known = storages.putIfAbsent(key, whole);
        if (count < 0 || (known != null && !known.equals(whole))) {
            throw new PickleRefusal(
                    "describes the storage " + WeightsFile.quote(key) + " in two ways or with a negative size");
        }
        return parts.length > 5 && parts[5] instanceof Object[] view ? view(whole, view) : whole;
    }

    private static PyTorchStorage view(PyTorchStorage whole, Object[] view) {
        long start = view.length == 3 ? PickleGlobals.whole(view[1]) : -1;
        long count = view.length == 3 ? PickleGlobals.whole(view[2]) : -1;
        if (start < 0 || count < 0 || start > whole.count() || count > whole.count() - start) {
            throw new PickleRefusal("has a view outside the storage " + WeightsFile.quote(whole.key()));
        }
        return new PyTorchStorage(whole.type(), whole.key(), whole.count(), start, count);
    }
}
