# The CUDA library: nvcc compiles it for GPUs, g++ for the tests under the SIMT shim.
set(MIEN_CUDA_SOURCES
    active
    batch_all
    batch_all_loss
    batch_hard
    call
    distance_weighted
    distances
    easy_positive
    prepare
    random
    semi_hard
    statistics)
