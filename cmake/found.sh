#!/bin/sh
# found.sh: what this machine has for building and running mien.
# found.sh --require [tool]: fails, naming the Debian package, if what the build needs (or the tool) is missing.
set -eu

package_of() {
    case $1 in
        javac | jlink) echo openjdk-17-jdk-headless ;;
        mvn) echo maven ;;
        g++ | cmake | clang-format | make) echo "$1" ;;
        nvcc) echo nvidia-cuda-toolkit ;;
    esac
}

require() {
    if ! command -v "$1" >/dev/null; then
        echo "$1 not found: apt-get install $(package_of "$1")" >&2
        exit 1
    fi
}

if [ "${1:-}" = --require ]; then
    shift
    for tool in "${@:-javac}" mvn g++ cmake; do
        require "$tool"
    done
    release=$(javac -version 2>&1 | sed 's/javac \([0-9]*\).*/\1/')
    if [ "$release" -lt 17 ]; then
        echo "JDK $release found, JDK 17 or later is needed: apt-get install openjdk-17-jdk-headless" >&2
        exit 1
    fi
    exit 0
fi

found() { # name, command that prints its version, package if it is missing
    if version=$(sh -c "$2" 2>/dev/null | head -n 1) && [ -n "$version" ]; then
        printf '  found    %-13s %s\n' "$1" "$version"
    else
        printf '  missing  %-13s %s\n' "$1" "$3"
    fi
}

found JDK 'javac -version 2>&1 | grep "^javac"' "apt-get install $(package_of javac)"
found Maven 'mvn -v | grep -o "Apache Maven [0-9.]*"' "apt-get install maven"
found g++ 'g++ --version' "apt-get install g++"
found CMake 'cmake --version' "apt-get install cmake"
found clang-format 'clang-format --version' "apt-get install clang-format (only for make lint and make format)"
found nvcc 'nvcc --version | grep release' "not needed (CUDA kernels are left out)"
found GPU 'nvidia-smi --query-gpu=name --format=csv,noheader' "not needed (everything runs on the CPU)"
isa=serial
for flag in avx2 avx512bw; do
    if grep -qw "$flag" /proc/cpuinfo; then isa=${flag%bw}; fi
done
printf '  CPU      %s, %s processors\n' "$isa" "$(nproc)"
