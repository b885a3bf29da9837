package dev.mien.kernels;

import dev.mien.internal.NativeCuda;
import dev.mien.internal.NativeCuda.Operation;
import dev.mien.internal.NativeCuda.Status;
import dev.mien.internal.NativeRuntime;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * What the calls of {@code libmien_cuda} on a batch share, with the memory that they need on the device. Here the host
 * waits in {@link #run} alone, for the status.
 */
final class CudaCall {

    static {
        NativeRuntime.load();
    }

    /** Most values that a call returns to the host: those of the statistics. */
    private static final int MOST_RESULTS = NativeStatistics.COUNTS + NativeStatistics.FIGURES;

    private static final int STATUS = 2;
    private static final long SCRATCH_ALIGNMENT = 256;

    private final NativeCuda.Rows rows = new NativeCuda.Rows();
    private final PointerScope outer;
    private final Names names;
    private final Device device;
    private final Tensor status; // (2), and behind it what an operation returns

    final NativeCuda library;
    final DeviceRows anchors;
    final DeviceRows references; // null for the anchors themselves
    final long n;
    final long m;
    final long d;

    /** The function of an operation. */
    @FunctionalInterface
    interface Function {
        int call(NativeCuda.Rows rows);
    }

    /** What messages call the rows. */
    record Names(String anchors, String references) {
        static final Names OF_BATCHES = new Names("the embeddings", "the references");
    }

    private CudaCall(NativeCuda library, PointerScope outer, DeviceRows anchors, DeviceRows references, Names names) {
        this.library = library;
        this.outer = outer;
        this.anchors = anchors;
        this.references = references;
        this.names = names;
        device = anchors.values.device();
        status = longs(STATUS + MOST_RESULTS);
        n = anchors.count();
        m = references == null ? n : references.count();
        d = anchors.values.size(1);
    }

    /** Does some work on a batch. What it allocates is freed in the end, but for what it {@link #keep keeps}. */
    static <T> T on(
            Batch batch,
            Distance distance,
            Cuda cuda,
            CudaPrecision precision,
            Names names,
            java.util.function.Function<CudaCall, T> work) {
        NativeCuda library = cuda.library();
        PointerScope outer = PointerScope.getInnerScope();
        try (PointerScope scope = new PointerScope()) {
            DeviceRows anchors = cuda.rows(batch.anchors, batch.columns);
            DeviceRows references = batch.references == null ? null : cuda.rows(batch.references, batch.columns);
            try (CudaStream stream = cuda.stream(anchors.values)) {
                CudaCall call = new CudaCall(library, outer, anchors, references, names);
                call.fill(distance, precision, stream, batch.self);
                return work.apply(call);
            }
        }
    }

    private void fill(Distance distance, CudaPrecision precision, CudaStream stream, long[] self) {
        boolean mixed = references != null && type(anchors.values) != type(references.values);
        rows
                .x(address(widened(anchors.values, mixed)))
                .labels(address(anchors.labels))
                .n(n)
                .m(m)
                .d(d)
                .type(mixed ? 0 : type(anchors.values))
                .distance(distance.ordinal())
                .precision(precision.ordinal())
                .status(status.data_ptr().address())
                .stream(stream.address());
        if (references != null) {
            rows.y(address(widened(references.values, mixed)))
                    .yLabels(address(references.labels))
                    .self(self == null ? 0 : address(Tensor.create(self).to(device, ScalarType.Long)));
        }
    }

    /** The code of a tensor's type. */
    private static int type(Tensor values) {
        ScalarType type = values.scalar_type().intern();
        return type == ScalarType.Float ? 0 : type == ScalarType.BFloat16 ? 1 : 2;
    }

    private Tensor widened(Tensor values, boolean mixed) {
        return values.to(device, mixed ? ScalarType.Float : values.scalar_type());
    }

    /** Room for int64 on the device until the work is done. */
    Tensor longs(long size) {
        return empty(ScalarType.Long, size);
    }

    /** Room for float32. */
    Tensor floats(long... sizes) {
        return empty(ScalarType.Float, sizes);
    }

    private Tensor empty(ScalarType type, long... sizes) {
        TensorOptions options = anchors.values.options().dtype(new ScalarTypeOptional(type));
        return torch.empty(sizes, options, new MemoryFormatOptional());
    }

    /** Lets a tensor live as long as those of whoever made this call. */
    Tensor keep(Tensor tensor) {
        if (outer == null) {
            tensor.retainReference();
        } else {
            outer.attach(tensor);
        }
        return tensor;
    }

    /** Triplets (t, t, t) that stay on the device. */
    Triplets triplets(Tensor anchor, Tensor positive, Tensor negative) {
        TripletTensors tensors = new TripletTensors(keep(anchor), keep(positive), keep(negative), Math.max(n, m));
        return new Triplets(tensors, Math.toIntExact(anchor.size(0)));
    }

    /** Where a tensor is on the device; of one without values an address, too, since null says something else. */
    long address(Tensor tensor) {
        if (tensor == null) {
            return 0;
        }
        Pointer memory = tensor.data_ptr();
        return memory == null || memory.isNull() ? status.data_ptr().address() : memory.address();
    }

    /** Where the {@code index}-th value for the host goes, 8 bytes each. */
    long result(int index) {
        return status.data_ptr().address() + (STATUS + index) * Long.BYTES;
    }

    /**
     * Runs an operation and waits for it.
     *
     * @param extra as {@code mien_cuda.h} has it
     * @return what it wrote for the host, by {@link #result}
     * @throws IllegalArgumentException if it refuses its arguments, naming a row that is not finite
     * @throws IllegalStateException if CUDA fails
     */
    long[] run(Operation operation, long extra, Function function) {
        long bytes = library.scratchBytes(rows, operation.ordinal(), extra);
        if (bytes < 0) {
            throw new IllegalArgumentException(library.message());
        }
        try (Tensor scratch = empty(ScalarType.Byte, bytes + SCRATCH_ALIGNMENT)) {
            long start = scratch.data_ptr().address() + SCRATCH_ALIGNMENT - 1;
            int code = function.call(
                    rows.scratch(start - start % SCRATCH_ALIGNMENT).scratchBytes(bytes));
            if (code == 1) {
                throw new IllegalArgumentException(library.message());
            } else if (code != 0) {
                throw new IllegalStateException(library.message());
            }
        } // LibTorch gives the memory to none but later work of the same stream
        long[] values = TensorRows.classes(status);
        check(Status.values()[(int) values[0]], values[1]);
        return Arrays.copyOfRange(values, STATUS, values.length);
    }

    private void check(Status said, long row) {
        switch (said) {
            case GOOD -> {}
            case BAD_ANCHOR -> throw notFinite(row, names.anchors);
            case BAD_REFERENCE -> throw notFinite(row, names.references);
            case BAD_SELF -> throw new IllegalArgumentException(
                    "self of anchor %d is none of %d references".formatted(row, m));
            case NO_ROOM -> throw TripletSink.tooMany();
            case BAD_TRIPLET -> throw new IllegalArgumentException(
                    "triplet %d names a row that does not exist".formatted(row));
        }
    }

    static IllegalArgumentException notFinite(long row, String name) {
        return new IllegalArgumentException("row %d of %s is not finite".formatted(row, name));
    }
}
