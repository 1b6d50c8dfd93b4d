# Two commands set everything up on a fresh machine with Swift 6.3, git and make: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help deps model-deps build demo test model crash swarm lint bench fuzz sanitize clean

# A crash must not print the memory of a process that holds keys.
export SWIFT_BACKTRACE = enable=no

APT_PACKAGES := libsodium-dev libsqlite3-dev pkg-config
# What checks the model of the protocol; nothing else needs them.
MODEL_PACKAGES := spin gcc libc6-dev
# With Swift's own libraries inside, where the development files of the C++ library are at hand, which they need: the command runs
# where Swift is not installed, and some percent faster.
STATIC := $(if $(wildcard /usr/lib/gcc/*/*/libstdc++.so),--static-swift-stdlib -Xswiftc -use-ld=lld)
RELEASE := -c release $(STATIC)
DEMO_ARGS ?=
FUZZ_SECONDS ?= 20
FUZZ_TARGETS ?=
# Tests that talk over sockets run by themselves: beside the others' curve arithmetic they would wait for a processor. So do
# attacks, which are there to take all there is.
SOCKET_TESTS := '^(NodeNetworkTests|NodeServiceTests)\.'
# These start many programs, and have a run of their own, so that deadlines of sockets do not wait for them.
COMMAND_TESTS := '^CommandLineTests\.'
ATTACKS := '^HostilePeerTests\.'

# Whole villages of real nodes that are killed, cut off and copied.
VILLAGE_TESTS := '^EndToEndTests\.'
CRASH_MINUTES ?= 60
SEEDS ?= 1..10000

# Left out under sanitizers: texts of the repository, which they do not touch; villages, whose nodes load another library first; and a
# crash on purpose, of which a sanitizer tells in its own words.
SANITIZED := --skip '^TidyTests\.' --skip $(VILLAGE_TESTS) --skip '\.TrapTests/'

# Runs the tests under a sanitizer, with the variables $(1), the options $(2), and of the attacks without $(3). What waits for others runs one after the other: a
# sanitizer makes everything slower but the clock.
define sanitized
$(1) swift test --skip-build $(2) --disable-xctest --no-parallel --filter $(SOCKET_TESTS)
$(1) swift test --skip-build $(2) --disable-xctest --no-parallel --filter $(COMMAND_TESTS)
$(1) swift test --skip-build $(2) --disable-xctest --no-parallel $(SANITIZED) $(3) --filter $(ATTACKS)
$(1) swift test --skip-build $(2) --disable-xctest $(SANITIZED) --skip $(SOCKET_TESTS) --skip $(COMMAND_TESTS) --skip $(ATTACKS)
endef

# Installs those of the Debian packages $(1) that are missing, or says which.
define install
missing=; \
	for package in $(1); do \
		case "$$(dpkg-query -W -f='$${db:Status-Abbrev}' "$$package" 2>/dev/null || true)" in \
			ii*) ;; \
			*) missing="$$missing $$package" ;; \
		esac; \
	done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" -eq 0 ]; then \
		sudo=; \
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then \
		sudo='sudo -n'; \
	else \
		echo "error: packages are missing:$$missing" >&2; \
		echo "hint: run: sudo apt-get update && sudo apt-get install$$missing" >&2; exit 1; \
	fi; \
	echo "installing$$missing"; \
	$$sudo apt-get update -qq; \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing
endef

help: ## Print this list
	@echo 'usage: make TARGET'
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12
	@echo "variables: DEMO_ARGS, passed to the demo, such as DEMO_ARGS='--keep /tmp/pause'"
	@echo "           FUZZ_SECONDS for each target, FUZZ_TARGETS for some, such as FUZZ_TARGETS='json item'"
	@echo "           CRASH_MINUTES for make crash, 60 if not set"
	@echo "           SEEDS for make swarm, 1..10000 if not set"

deps: ## Install the Debian packages that are missing, or say which
	@if ! command -v swift >/dev/null; then \
		echo 'error: swift is not installed; hint: install Swift 6.3 from https://www.swift.org/install/' >&2; exit 1; \
	fi; \
	if ! command -v dpkg-query >/dev/null; then \
		if pkg-config --exists libsodium sqlite3 2>/dev/null; then exit 0; fi; \
		echo 'error: pkg-config does not find libsodium and sqlite3' >&2; \
		echo 'hint: install the development files of libsodium (1.0.18 or later) and SQLite 3, and pkg-config' >&2; exit 1; \
	fi; \
	$(call install,$(APT_PACKAGES))

build: deps ## Build the command for use, .build/release/standstill
	swift build $(RELEASE) --product standstill
	@sh Tests/ReleaseCode/check.sh .build/release/standstill

demo: build ## Run a whole pause with several parties on this machine
	.build/release/standstill demo $(DEMO_ARGS)

test: deps ## Build everything with strict imports, run all tests and the misuse check
	swift build --build-tests --explicit-target-dependency-import-check=error
	swift test --skip-build --disable-xctest --filter $(SOCKET_TESTS)
	swift test --skip-build --disable-xctest --filter $(COMMAND_TESTS)
	swift test --skip-build --disable-xctest --filter $(ATTACKS)
	swift test --skip-build --disable-xctest --filter $(VILLAGE_TESTS)
	swift test --skip-build --disable-xctest --skip $(SOCKET_TESTS) --skip $(COMMAND_TESTS) \
		--skip $(ATTACKS) --skip $(VILLAGE_TESTS)
	sh Tests/Misuse/check.sh

crash: deps ## Kill a node at every write and every send, CRASH_MINUTES at most
	swift build --build-tests --explicit-target-dependency-import-check=error
	STANDSTILL_CRASH_MINUTES=$(CRASH_MINUTES) \
		swift test --skip-build --disable-xctest --filter '^EndToEndTests\..*EveryCallTests'

swarm: build ## Explore the scenarios with faults drawn from SEEDS, on all processors
	Tests/Swarm/run.sh $(SEEDS)

lint: ## Check the formatting of all sources
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

bench: deps ## Build for release and measure
	swift build $(RELEASE) --product benchmarks
	@sh Tests/ReleaseCode/check.sh .build/release/benchmarks
	.build/release/benchmarks

model-deps:
	@if ! command -v dpkg-query >/dev/null; then \
		for tool in spin gcc; do \
			if ! command -v $$tool >/dev/null; then echo "error: $$tool is not installed" >&2; exit 1; fi; \
		done; \
		exit 0; \
	fi; \
	$(call install,$(MODEL_PACKAGES))

model: model-deps ## Check the model of the protocol exhaustively, and that what is broken is found
	Protocol/model/check.sh

# The sanitizer named last decides what is instrumented, so both are named at once.
fuzz: deps ## Try inputs on everything that reads what others write
	STANDSTILL_FUZZ=1 swift build --product fuzzing --scratch-path .build-fuzz \
		--sanitize=fuzzer -Xswiftc -sanitize=fuzzer,address
	Tests/Fuzzing/run.sh $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# LeakSanitizer reports memory that the test library keeps on purpose. AddressSanitizer needs more memory than a node may use under
# attack.
sanitize: deps ## Run the tests under AddressSanitizer and ThreadSanitizer
	swift build --build-tests --sanitize=address --scratch-path .build-asan
	$(call sanitized,ASAN_OPTIONS=detect_leaks=0,--sanitize=address --scratch-path .build-asan,--skip 'whatever a listed party does')
	swift build --build-tests --sanitize=thread --scratch-path .build-tsan
	clang -shared -fPIC -Wno-dollar-in-identifier-extension -o .build-tsan/mutex.so Tests/Sanitizers/mutex.c -ldl
	$(call sanitized,LD_PRELOAD=$(CURDIR)/.build-tsan/mutex.so TSAN_OPTIONS=halt_on_error=1,--sanitize=thread --scratch-path .build-tsan)

clean: ## Delete everything that was built
	swift package clean
	rm -rf .build .build-swarm .build-fuzz .build-asan .build-tsan
