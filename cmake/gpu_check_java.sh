#!/bin/sh
# gpu_check_java.sh [ARCHIVE] [OUT]: on a machine with an NVIDIA GPU that needs neither Java nor Maven, checks the unpacked
# archive of `make dist CUDA=1` in the folder ARCHIVE (default: this script's): the tests that need a GPU; training,
# embedding and mining there against the CPU. Prints one table; results go into OUT. DATA names the images (default:
# 1,000 generated faces).
# CUDA's libraries come from python3's packages, from /usr/local/cuda, or from LD_LIBRARY_PATH as it is.
set -eu
archive=${1:-$(dirname "$(readlink -f "$0")")}
out=${2:-gpu-check}
data=${DATA:-schematic:1000}
mien=$archive/mien

stop() { # sentence
    echo "$1" >&2
    exit 1
}
gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2>/dev/null | head -n 1) || gpu=
[ -n "$gpu" ] || stop "There is no NVIDIA driver here (nvidia-smi names no GPU), so nothing was checked."
ls "$archive"/lib/pytorch-*-linux-x86_64-gpu.jar >/dev/null 2>&1 ||
    stop "$archive is no unpacked archive of 'make dist CUDA=1' (its lib/ holds no LibTorch for GPUs)."

libraries=$(python3 -c '
import glob, sys
print(":".join(sorted(folder for path in sys.path for folder in glob.glob(path + "/nvidia/*/lib"))))' 2>/dev/null) || libraries=
for folder in /usr/local/cuda/lib64 /usr/local/cuda/extras/CUPTI/lib64; do
    [ ! -d "$folder" ] || libraries=${libraries:+$libraries:}$folder
done
export LD_LIBRARY_PATH="${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$libraries"

mkdir -p "$out"
table=$out/table.tsv
printf 'check\tCPU\tGPU\tverdict\n' >"$table"
failed=0
row() { # check, CPU's figure, GPU's figure, condition of awk
    verdict=$(awk "BEGIN { print(($4) ? \"passed\" : \"FAILED\") }") || verdict=FAILED
    [ "$verdict" = passed ] || failed=1
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$verdict" >>"$table"
    echo "$verdict  $1"
}
run() { # name of the log, arguments of mien
    log=$out/$1.log
    shift
    timeout 300 "$mien" "$@" --quiet >"$log" 2>&1 && return
    failed=1
    echo "FAILED  mien $*: $log"
    tail -n 3 "$log"
    return 1
}
last() { # log.csv, column: its figure in the last line
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) column = i } END { print $column }' "$1"
}
floats() { # FILE.npy of float32: a value a line
    od -An -v -w4 -tf4 -j $((10 + $(od -An -tu2 -j8 -N2 "$1"))) "$1"
}
distance() { # two such files: the norm of the difference, relative to the first's norm
    floats "$1" >"$out/first"
    floats "$2" | paste "$out/first" - | awk '
        NF != 2 || !($1 ~ /^[-0-9.e+]+$/ && $2 ~ /^[-0-9.e+]+$/) { broken = 1 }
        { difference += ($1 - $2) ^ 2; sum += $1 ^ 2 }
        END { if (broken || sum == 0) print 1e9; else printf "%.2g", sqrt(difference / sum) }'
    rm "$out/first"
}
near() { # two figures, tolerance: a condition of awk
    echo "$1 - $2 <= $3 * $1 && $2 - $1 <= $3 * $1"
}

run info info --json || stop "mien does not start; see $out/info.log"
grep -q '"cuda" : true' "$out/info.log" ||
    stop "LibTorch sees no GPU beside $gpu: it needs the libraries of CUDA 13 and cuDNN 9; see $out/info.log"

# The tests that are tagged gpu, row by row against the CPU's kernels.
tests=0
OMP_WAIT_POLICY=PASSIVE timeout 300 "$archive/runtime/bin/java" -Xmx3g -cp "$archive/test/*:$archive/lib/*" \
    org.junit.platform.console.ConsoleLauncher execute --scan-classpath "$archive/test/mien-tests.jar" --include-tag gpu \
    --disable-banner --disable-ansi-colors --details=tree >"$out/tests.log" 2>&1 || tests=$?
passed=$(sed -n 's/^\[ *\([0-9]*\) tests successful *\]$/\1/p' "$out/tests.log")
row "Java tests" "" "${passed:-0} passed" "$tests == 0 && ${passed:-0} > 0"

train() { # name of the model, device, precision, loss and other options
    name=$1 device=$2 precision=$3
    shift 3
    run "train-$name" train --data "$data" --epochs 1 --device "$device" --precision "$precision" "$@" \
        --out "$out/$name.safetensors"
}
losses() { # title, model of the CPU, model of the GPU, tolerance
    cpu=$(last "$out/$2.training/log.csv" train_loss) cuda=$(last "$out/$3.training/log.csv" train_loss)
    row "$1: loss" "$cpu" "$cuda" "$(near "$cpu" "$cuda" "$4")"
    cpu=$(last "$out/$2.training/log.csv" images_per_second) cuda=$(last "$out/$3.training/log.csv" images_per_second)
    row "$1: images/s" "$cpu" "$cuda" "$cuda > 0"
}
for backbone in compact vgg19; do
    train "$backbone-cpu" cpu float32 --backbone $backbone || continue
    train "$backbone-cuda" cuda float32 --backbone $backbone &&
        losses "$backbone float32" "$backbone-cpu" "$backbone-cuda" 0.02
    train "$backbone-tf32" cuda tf32 --backbone $backbone &&
        losses "$backbone tf32" "$backbone-cpu" "$backbone-tf32" 0.02
    train "$backbone-bfloat16" cuda bfloat16 --backbone $backbone &&
        losses "$backbone bfloat16" "$backbone-cpu" "$backbone-bfloat16" 0.05
    train "$backbone-triplet-cpu" cpu float32 --backbone $backbone --loss triplet &&
        train "$backbone-triplet-cuda" cuda float32 --backbone $backbone --loss triplet &&
        losses "$backbone triplet" "$backbone-triplet-cpu" "$backbone-triplet-cuda" 0.05
    for device in cpu cuda; do
        run "embed-$backbone-$device" embed --model "$out/$backbone-cpu.safetensors" --data "$data" --split train \
            --device $device --out "$out/embed-$backbone-$device" || continue 2
    done
    error=$(distance "$out/embed-$backbone-cpu/embeddings.npy" "$out/embed-$backbone-cuda/embeddings.npy")
    row "$backbone: embeddings, relative difference" 0 "$error" "$error < 0.001"
done

embeddings=$out/embed-compact-cpu
for miner in batch-hard semi-hard batch-all; do
    for device in cpu cuda; do
        run "mine-$miner-$device" mine --embeddings "$embeddings/embeddings.npy" --labels "$embeddings/labels.npy" \
            --miner $miner --device $device --out "$out/$miner-$device.npy" || continue 2
    done
    same=0
    ! cmp -s "$out/$miner-cpu.npy" "$out/$miner-cuda.npy" || same=1
    row "mine $miner: bytes" "$(wc -c <"$out/$miner-cpu.npy")" "$(wc -c <"$out/$miner-cuda.npy")" "$same"
done

echo
echo "$gpu, results in $out"
awk -F '\t' '{ printf "%-46s %12s %12s  %s\n", $1, $2, $3, $4 }' "$table"
exit $failed
