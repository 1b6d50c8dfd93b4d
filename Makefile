# Two commands set everything up on a fresh machine with Swift 6.3, git and make: `make demo` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help deps build demo test lint bench clean

# A crash must not print the memory of a process that holds keys.
export SWIFT_BACKTRACE = enable=no

APT_PACKAGES := libsodium-dev libsqlite3-dev pkg-config
DEMO_ARGS ?=
# Tests that talk over sockets run by themselves: beside the others' curve arithmetic they would wait for a processor.
SOCKET_TESTS := '^(NodeNetworkTests|NodeServiceTests|CommandLineTests)\.'

help: ## Print this list
	@echo 'usage: make TARGET'
	@sed -n 's/^\([a-z]*\):.*## /  \1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12
	@echo "variables: DEMO_ARGS, passed to the demo, such as DEMO_ARGS='--keep /tmp/pause'"

deps: ## Install the Debian packages that are missing, or say which
	@if ! command -v swift >/dev/null; then \
		echo 'error: swift is not installed; hint: install Swift 6.3 from https://www.swift.org/install/' >&2; exit 1; \
	fi; \
	if ! command -v dpkg-query >/dev/null; then \
		if pkg-config --exists libsodium sqlite3 2>/dev/null; then exit 0; fi; \
		echo 'error: pkg-config does not find libsodium and sqlite3' >&2; \
		echo 'hint: install the development files of libsodium (1.0.18 or later) and SQLite 3, and pkg-config' >&2; exit 1; \
	fi; \
	missing=; \
	for package in $(APT_PACKAGES); do \
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

build: deps ## Build the command for use, .build/release/standstill
	swift build -c release --product standstill

demo: build ## Run a whole pause with several parties on this machine
	.build/release/standstill demo $(DEMO_ARGS)

test: deps ## Build everything with strict imports, run all tests and the misuse check
	swift build --build-tests --explicit-target-dependency-import-check=error
	swift test --skip-build --disable-xctest --filter $(SOCKET_TESTS)
	swift test --skip-build --disable-xctest --skip $(SOCKET_TESTS)
	sh Tests/Misuse/check.sh

lint: ## Check the formatting of all sources
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

bench: deps ## Build for release and measure
	swift build -c release --product benchmarks
	.build/release/benchmarks

clean: ## Delete everything that was built
	swift package clean
	rm -rf .build
