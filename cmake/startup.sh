#!/bin/sh
# Keeps the classes that a quick command loads in target/startup.jsa (class data sharing), parsed and verified: the JVM's
# start is most of what `mien mine` takes. The file fits the JVM and the jars that made it; others pass it over.
set -eu
cd "$(dirname "$(readlink -f "$0")")/.."

folder=target/startup
rm -rf "$folder" target/startup.jsa
mkdir -p "$folder"

# 4 x 2 float32 zeros and 4 int64 zeros, each after a .npy header of 80 bytes.
npy() { # type, shape, bytes of data
    printf '\223NUMPY\001\000\106\000%-69s\n' "{'descr': '$1', 'fortran_order': False, 'shape': $2, }"
    head -c "$3" /dev/zero
}
npy '<f4' '(4, 2)' 32 >"$folder/E.npy"
npy '<i8' '(4,)' 32 >"$folder/Y.npy"

# A black picture of 64 x 64, 24 bits: a .bmp header of 54 bytes and the pixels.
{
    printf 'BM\066\060\000\000\000\000\000\000\066\000\000\000\050\000\000\000\100\000\000\000\100\000\000\000\001\000\030\000'
    head -c $((24 + 64 * 64 * 3)) /dev/zero
} >"$folder/face.bmp"

count=0
load() { # a command; its classes go into the list
    count=$((count + 1))
    MIEN_JAVA_OPTIONS="-XX:DumpLoadedClassList=$folder/$count.list" ./mien "$@" >/dev/null
}
load mine --embeddings "$folder/E.npy" --labels "$folder/Y.npy" --miner batch-hard --out "$folder/T.npy" --quiet
load mine --embeddings "$folder/E.npy" --labels "$folder/Y.npy" --miner semi-hard --out "$folder/T.npy" --quiet --json
load distances --a "$folder/E.npy" --distance cosine --out "$folder/D.npy"
load predict "$folder/face.bmp"
load predict --faces given "$folder/face.bmp"
load mine --help

awk '!seen[$0]++' "$folder"/*.list >"$folder/classes"
MIEN_JAVA_OPTIONS="-Xshare:dump -XX:SharedClassListFile=$folder/classes -XX:SharedArchiveFile=$folder/startup.jsa" \
    ./mien >"$folder/log" 2>&1
mv "$folder/startup.jsa" target/startup.jsa # whole or not at all: half an archive crashes the JVM
