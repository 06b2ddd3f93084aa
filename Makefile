# Every target does its own set-up first; run again, it does only what is left to do.
.DEFAULT_GOAL := help
SHELL := /bin/sh
MAKEFLAGS += --no-print-directory

BIN := node_modules/.bin
GRAPES := node dist/cli/main.js
SOURCES := $(shell find src kernels -name '*.ts' 2>/dev/null)

# the design that emit, golden and cosim work on
PRESET ?= mnist-small
NAME = $(subst -,_,$(PRESET))
SAMPLES ?= 200
# random configurations of make fuzz, and the seed of the first
N ?= 40
SEED ?= 1
# make mutants QUICK=1: a subset
QUICK ?=

.PHONY: help setup setup-fpga fpga build lint emit golden demo cosim test check formal netlist bitstream fuzz mutants coverage clean

help: ## this list
	@echo 'grapes-hw: training cores in SystemVerilog, and the proof that they are exact'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'
	@echo
	@echo 'Variables: PRESET=mnist|mnist-small|deep|tiny|up5k SAMPLES=n (emit, golden, cosim), N=n SEED=n TIME=1 (fuzz; in time), QUICK=1 (mutants)'

setup: ## install what is missing: Debian packages (as root) and npm packages
	@scripts/setup.sh

setup-fpga: ## put the pinned tools for ECP5 and Xilinx into .venv-fpga (nothing else needs them)
	@scripts/setup-fpga.sh

build: setup kernels/integer.wasm dist/.built ## compile the command line and the library into dist/ (then: npx grapes-hw)
	@ln -sf ../../dist/cli/main.js $(BIN)/grapes-hw

kernels/integer.wasm: $(wildcard kernels/integer/*.ts) kernels/integer/asconfig.json package-lock.json | setup
	@echo 'build: compiling kernels/'
	@$(BIN)/asc --config kernels/integer/asconfig.json

dist/.built: $(SOURCES) tsconfig.json tsconfig.build.json package-lock.json | setup
	@echo 'build: compiling src/ into dist/'
	@rm -rf dist
	@$(BIN)/tsc -p tsconfig.build.json
	@chmod +x dist/cli/main.js
	@touch $@

lint: setup ## style (biome) and types (tsc) of the TypeScript
	$(BIN)/biome check .
	$(BIN)/tsc -p tsconfig.json --noEmit

emit: build ## write the core of PRESET to rtl-out/
	$(GRAPES) gen --preset $(PRESET) --only rtl

golden: build ## write the golden vectors of PRESET to golden/
	$(GRAPES) gen --preset $(PRESET) --samples $(SAMPLES) --only golden

cosim: build ## generate PRESET, train it on both simulators, compare every value
	$(GRAPES) gen --preset $(PRESET) --samples $(SAMPLES)
	$(GRAPES) verify $(NAME)

demo: build ## the 8-bit MNIST core, trained on Verilator and Icarus, with a report
	@$(BIN)/tsx scripts/demo.ts

check: build ## regenerate the committed design and compare byte by byte
	$(GRAPES) gen --preset tiny --check

netlist: setup ## Yosys netlists of tiny (gates, iCE40 cells) under the core's testbench
	@$(BIN)/tsx scripts/netlist.ts

bitstream: setup ## bitstreams: up5k for an iCE40 UP5K (nextpnr-ice40, fpga-icestorm), mnist-small for an ECP5 (make setup-fpga)
	@$(BIN)/tsx scripts/bitstream.ts

fpga: setup setup-fpga ## clocks, areas and samples/s of the presets on ECP5, results/fpga.json (hours)
	@$(BIN)/tsx scripts/fpga.ts

test: setup ## everything: lint, build, unit tests, check, co-simulation, package, experiments, proofs, netlists, fuzz, mutants
	@$(BIN)/tsx scripts/test.ts

fuzz: setup ## N random configurations through both simulators
	$(BIN)/tsx scripts/fuzz.ts --count $(N) --seed $(SEED) $(if $(TIME),--time)

mutants: setup ## deliberate faults in the RTL, each of which the testbenches must catch
	$(BIN)/tsx scripts/mutants.ts $(if $(QUICK),--quick)

formal: setup ## modules equal to their specification, and a small core's schedule, proved (ten minutes)
	@$(BIN)/tsx scripts/formal.ts

coverage: setup ## lines, branches and bits of the core that its testbenches reach, by Verilator
	@$(BIN)/tsx scripts/coverage.ts

clean: ## remove what is built and generated, but for the committed design
	rm -rf dist build coverage kernels/integer.wasm
	find rtl-out golden -mindepth 1 -maxdepth 1 ! -name tiny -exec rm -rf {} + 2>/dev/null || true
