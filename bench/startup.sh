#!/bin/sh
# From the start of the JVM to the end of a process that opened `compact` and predicted once, five times each, in
# milliseconds: with an empty cache of unpacked natives, with a full one, and with shared classes (CDS) as the launcher
# keeps them. Needs `make bench` to have built both modules, and a model file: bench/startup.sh MODEL
set -eu
model=$(readlink -f "$1")
cd "$(dirname "$(readlink -f "$0")")/.."
classpath=$(ls -d "$PWD"/target/mien-*.jar | tr '\n' ':')$(cat target/classpath):$PWD/bench/target/mien-bench.jar
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jar --create --file bench/target/mien-bench.jar -C bench/target/classes dev # shared classes come from jars only

predict() {
    java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto --enable-native-access=ALL-UNNAMED "$@" \
        -cp "$classpath" dev.mien.bench.jmh.FirstPrediction "$model"
}
timed() { # what, options
    what=$1
    shift
    for _ in 1 2 3 4 5; do
        [ "$what" != cold ] || rm -rf "$work/cache"
        started=$(date +%s%N)
        line=$(predict "-Dorg.bytedeco.javacpp.cachedir=$work/cache" "$@")
        echo "$what: $((($(date +%s%N) - started) / 1000000)) ms ($line)"
    done
}
timed cold
timed warm
predict "-Dorg.bytedeco.javacpp.cachedir=$work/cache" "-XX:ArchiveClassesAtExit=$work/startup.jsa" >/dev/null 2>&1
timed shared "-XX:SharedArchiveFile=$work/startup.jsa"
