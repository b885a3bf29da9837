# What ptxas says of each kernel goes into a file beside the object, which cmake/ptxas.sh checks.
set(MIEN_PTXAS_FLAGS -Xptxas=-v)
