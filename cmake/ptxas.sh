#!/bin/sh
# ptxas.sh FOLDER [--table]: checks what ptxas said of the kernels built in FOLDER (native/src/cuda in a build): no spills,
# and registers and shared memory within the budget of each kernel. --table prints them all.
set -eu
folder=$1
logs=$(find "$folder" -name '*.ptxas' | sort)
if [ -z "$logs" ]; then
    echo "ptxas.sh: nothing was built in $folder" >&2
    exit 1
fi
# Two blocks of 256 threads fit an SM with 128 registers a thread, four with 64; static shared memory ends at 48 KB.
status=0
# shellcheck disable=SC2086  # several files
report=$(awk -v table="${2:-}" '
    function budget(kernel) {
        if (kernel ~ /write_distances/) return 255  # float64 totals beside float32 sums: one block
        if (kernel ~ /sweep_(tensor_)?tiles/) return 128
        if (kernel ~ /select_exactly|gather/) return 128
        return 64
    }
    function finish() {
        if (kernel == "") return
        count++
        if (spills > 0 || registers > budget(kernel) || shared > 49152) bad = wrong = 1
        if (table != "" || bad)
            printf "%s%-7s %3d registers (of %3d) %5d B shared %3d B spilled  %s\n", bad ? "over: " : "", target, \
                registers, budget(kernel), shared, spills, kernel
        kernel = ""
        bad = 0
    }
    /Compiling entry function/ {
        finish()
        split($0, part, "\047")
        kernel = part[2]
        target = part[4]
        spills = registers = shared = 0
    }
    / bytes spill stores/ { split($0, part, ", "); spills = part[2] + 0 }
    /Used [0-9]+ registers/ {
        match($0, /Used [0-9]+/)
        registers = substr($0, RSTART + 5, RLENGTH - 5) + 0
        if (match($0, /[0-9]+ bytes smem/)) shared = substr($0, RSTART, RLENGTH) + 0
    }
    END {
        finish()
        if (count == 0) { print "ptxas.sh: no kernel found" > "/dev/stderr"; exit 1 }
        printf "%d kernels within their budgets: %s\n", count, wrong ? "no" : "yes"
        exit wrong
    }' $logs) || status=1
printf '%s\n' "$report" | c++filt
exit $status
