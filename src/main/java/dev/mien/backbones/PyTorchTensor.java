package dev.mien.backbones;

/**
 * What a pickle says of one tensor: a strided view on a storage, checked to lie inside it. Offsets and strides count
 * values.
 */
record PyTorchTensor(PyTorchStorage storage, long offset, long[] shape, long[] strides) {

    /** A view may repeat values (stride 0) only up to this many, so that a copy of it stays small. */
    private static final long MAX_REPEATED = 1 << 20;

    /** Why this tensor cannot be, or null when it can. */
    String fault() {
        long bytes = storage.type().bytes(shape);
        if (shape.length > WeightsType.MAX_DIMENSIONS || strides.length != shape.length || bytes < 0) {
            return "has an impossible shape";
        }
        if (bytes == 0) {
            return null;
        }
        if (offset < 0 || !reaches(storage.viewCount())) {
            return "reaches outside its storage of " + storage.viewCount() + " values";
        }
        long values = bytes / storage.type().bytes;
        return values > Math.max(MAX_REPEATED, storage.viewCount()) ? "repeats its values too often" : null;
    }

    /** Whether the last value lies below {@code limit}, computed without overflow. */
    private boolean reaches(long limit) {
        long left = limit - 1 - offset;
        if (left < 0) {
            return false;
        }
        for (int i = 0; i < shape.length; i++) {
            if (strides[i] < 0 || (shape[i] > 1 && strides[i] > 0 && shape[i] - 1 > left / strides[i])) {
                return false;
            }
            left -= shape[i] > 1 ? (shape[i] - 1) * strides[i] : 0;
        }
        return true;
    }
}
