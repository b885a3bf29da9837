package dev.mien.cli;

/** What {@code --device} takes. */
enum DeviceWord {
    AUTO,
    CPU,
    CUDA
}
