# The front door. `make help` says what each target does and what this machine has.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build run test soak fuzz bench targets check gpu-check gpu-check-java gpu-test lint format dist clean tools

DATA ?= schematic
OUT ?= out
ARGS ?=
# The size of parts that `make dist` cuts its archive into.
PARTS ?=
# CUDA=1 takes LibTorch's GPU natives instead of the CPU's; never both on one classpath.
CUDA ?=
MVN := mvn -B -ntp -Dstyle.color=never $(if $(CUDA),-Pcuda)
VARIANT := $(if $(CUDA),cuda,cpu)
BUILT := target/built-$(VARIANT)
# Generated faces are learnt in 8 epochs; the preset's 30 are meant for FER2013.
EPOCHS = $(if $(filter schematic,$(DATA)),--epochs 8)
VERSION = $(shell sed -n 's,^  <version>\(.*\)</version>,\1,p' pom.xml)

main_sources := $(shell find src/main native cmake pom.xml -type f)
cpp_sources := $(shell find native -name '*.cc' -o -name '*.h' -o -name '*.cu' -o -name '*.cuh')

help:
	@echo "make run [DATA=archive.zip] [OUT=out] [ARGS=..]  build, then run the whole experiment (default: schematic faces)"
	@echo "make build     build the library and the command line, ./mien"
	@echo "make test      native and Java tests (MIEN_FER2013=archive.zip adds those over the real images)"
	@echo "make soak      training, mining and recognition for minutes: resident memory must stay flat, threads must agree"
	@echo "make fuzz      every native miner against a brute force on 2,000 fresh inputs each (minutes; ARGS=inputs)"
	@echo "make bench     JMH against LibTorch, into bench/results; make targets: the figures kept to, as a table"
	@echo "make check     native tests under address, undefined-behaviour and thread sanitizers"
	@echo "make gpu-check the CUDA kernels on this machine's NVIDIA GPU: tests, sanitizers, benchmarks (minutes; OUT=folder)"
	@echo "make gpu-check-java  an unpacked 'make dist CUDA=1' on a GPU against the CPU, without Java (ARCHIVE=folder; OUT=folder)"
	@echo "make gpu-test  Java tests on this machine's NVIDIA GPU, with LibTorch's GPU natives"
	@echo "make lint      formatting and compiler warnings; make format repairs the formatting"
	@echo "make dist      dist/mien-$(VERSION).tar.gz, which runs without Java (CUDA=1: for NVIDIA GPUs; PARTS=48M: in parts, too)"
	@echo "make clean     remove what was built"
	@echo
	@cmake/found.sh

# Stops at the first tool that is missing, and names the Debian package that brings it.
tools:
	@cmake/found.sh --require

build: $(BUILT)
$(BUILT): $(main_sources) | tools
	@echo "building mien" >&2
	@rm -f target/built-* target/mien-*.jar
	@$(MVN) -q process-classes
	@cmake/startup.sh || echo "mien: commands start without shared classes, see target/startup/log" >&2
	@touch $@

run: build
	./mien experiment --data "$(DATA)" --out "$(OUT)" --preset quick $(EPOCHS) $(ARGS)

test: tools
	cmake -DBUILD=target/native -P cmake/build.cmake
	ctest --test-dir target/native --output-on-failure
	$(MVN) test

soak: tools
	$(MVN) test -Dtest.groups=soak -Dtest.groups.excluded=

fuzz: tools
	cmake -DBUILD=target/native -P cmake/build.cmake
	target/native/test/fuzz_mining $(ARGS)

# Installs the library into the local repository, where the benchmark module finds it.
bench: tools
	$(MVN) -q install -Dmaven.test.skip=true
	$(MVN) -q -f bench/pom.xml process-classes
	@mkdir -p bench/results
	set -o pipefail; OMP_WAIT_POLICY=$${OMP_WAIT_POLICY:-PASSIVE} java --enable-native-access=ALL-UNNAMED \
	    -cp "bench/target/classes:$$(cat bench/target/classpath)" \
	    org.openjdk.jmh.Main -rf json -rff bench/results/jmh.json $(ARGS) | tee bench/results/jmh.log

# What the kernels are held to, measured in one run and printed as a table.
targets: build
	./mien bench mining --targets $(ARGS)

check: tools
	for sanitizer in address,undefined thread; do \
	    cmake -DBUILD=target/native-$${sanitizer%%,*} -DSANITIZE=$$sanitizer -P cmake/build.cmake; \
	    ctest --test-dir target/native-$${sanitizer%%,*} -j2 --output-on-failure; \
	done

gpu-check:
	native/gpu_check.sh $(if $(filter out,$(OUT)),target/gpu-check,$(OUT))

# An unpacked `make dist CUDA=1`, which brings this script as gpu_check.sh, so that it can be run without make, too.
ARCHIVE ?= dist/mien-$(VERSION)-cuda
gpu-check-java:
	$(if $(filter schematic,$(DATA)),,DATA="$(DATA)") cmake/gpu_check_java.sh "$(ARCHIVE)" \
	    $(if $(filter out,$(OUT)),target/gpu-check-java,$(OUT))

gpu-test: tools
	$(MVN) -Pcuda test -Dtest.groups=gpu -Dtest.groups.excluded=

# path: jars name neighbours that Maven files elsewhere; try: a PointerScope or a guard is opened, never mentioned again
lint_noise := -path,-try,-processing,-serial
lint: tools build
	@cmake/found.sh --require clang-format
	clang-format --dry-run -Werror $(cpp_sources)
	@if command -v nvcc >/dev/null; then cmake/ptxas.sh target/native/src/cuda; fi
	$(MVN) -q spotless:check dependency:build-classpath -Dmdep.outputFile=target/classpath.test
	@mkdir -p target/lint
	javac --release 17 -Xlint:all,$(lint_noise) -Werror -proc:none -d target/lint \
	    -cp "$$(cat target/classpath.test)" $$(find src -name '*.java')

format: tools
	@cmake/found.sh --require clang-format
	clang-format -i $(cpp_sources)
	$(MVN) -q spotless:apply

# The archive for GPUs brings the tests that need one, and what runs them.
JUNIT = $(shell sed -n '/<artifactId>junit-jupiter</{n;s,.*<version>5\(.*\)</version>,1\1,p;}' pom.xml)
dist: build
	@$(if $(CUDA),$(MVN) -q test-compile dependency:copy -DoutputDirectory=target/console \
	    -Dartifact=org.junit.platform:junit-platform-console-standalone:$(JUNIT))
	@cmake/dist.sh $(VARIANT)
	@$(if $(PARTS),cmake/parts.sh dist/mien-$(VERSION)$(if $(CUDA),-cuda).tar.gz $(PARTS))

clean:
	rm -rf target dist bench/target
