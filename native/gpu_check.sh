#!/bin/sh
# gpu_check.sh [OUT]: on a machine with an NVIDIA GPU, builds the CUDA library from this source tree, runs its tests on the
# GPU (bare, then under compute-sanitizer), times it, and prints one table; results go into OUT. Needs nvcc, g++ and
# CMake; python3 with torch adds the comparison with torch.
set -eu
here=$(dirname "$(readlink -f "$0")")
out=${1:-gpu-check}

gpu=$(nvidia-smi --query-gpu=name,compute_cap,driver_version --format=csv,noheader 2>/dev/null | head -n 1) || gpu=
if [ -z "$gpu" ]; then
    echo "No NVIDIA GPU was found here (nvidia-smi names none), so the CUDA kernels were not checked." >&2
    exit 1
fi
PATH=$PATH:/usr/local/cuda/bin
for tool in nvcc cmake g++; do
    command -v $tool >/dev/null || { echo "$tool not found: the CUDA kernels cannot be built here." >&2; exit 1; }
done

mkdir -p "$out"
build=$out/build
echo "$gpu: building"
cmake -S "$here" -B "$build" -DMIEN_GPU_CHECK=ON >"$out/build.log" 2>&1 &&
    cmake --build "$build" --parallel "$(nproc)" --target mien_cuda gpu_test gpu_contract gpu_large gpu_bench >>"$out/build.log" 2>&1 || {
    tail -n 30 "$out/build.log" >&2
    echo "The build failed: $out/build.log" >&2
    exit 1
}

failed=0
step() { # name, seconds at most, command...
    name=$1 limit=$2
    shift 2
    if timeout "$limit" "$@" >"$out/$name.log" 2>&1; then
        echo "passed  $name"
    else
        echo "FAILED  $name: $out/$name.log"
        tail -n 5 "$out/$name.log"
        failed=1
    fi
}
step contract 30 "$build/test/gpu_contract"
step tests 120 "$build/test/gpu_test" 100000 60
step large 90 "$build/test/gpu_large"
if command -v compute-sanitizer >/dev/null; then
    step memcheck 70 compute-sanitizer --tool memcheck --error-exitcode 3 "$build/test/gpu_test" 2 15
    step racecheck 70 compute-sanitizer --tool racecheck --error-exitcode 3 "$build/test/gpu_test" 1 15
else
    echo "skipped memcheck, racecheck: compute-sanitizer not found"
fi
table=$out/results.tsv
step bench 120 "$build/test/gpu_bench" "$table"
if python3 -c 'import sys, torch; sys.exit(not torch.cuda.is_available())' 2>/dev/null; then
    step torch 60 python3 "$here/test/cuda/torch_peer.py" "$build/src/cuda/libmien_cuda.so" "$table"
else
    echo "skipped torch: python3 has no torch that sees the GPU"
fi

[ -s "$table" ] || exit 1
awk -F '\t' -v gpu="$gpu" -v failed=$failed '
    NR == 1 {
        split($0, name, FS)
        printf "{\"gpu\":\"%s\",\"passed\":%s,\"results\":[", gpu, (failed ? "false" : "true")
        next
    }
    {
        printf "%s{", (NR > 2 ? "," : "")
        for (i = 1; i <= NF; i++) {
            quote = (i >= 3 && i <= 5) ? "" : "\""
            printf "%s\"%s\":%s%s%s", (i > 1 ? "," : ""), name[i], quote, $i, quote
        }
        printf "}"
    }
    END { print "]}" }' "$table" >"$out/results.json"
echo
echo "$gpu, results in $out"
awk -F '\t' '{ printf "%-26s %-18s %6s %5s %10s  %s\n", $1, $2, $3, $4, $5, $6 }' "$table"
exit $failed
