# make help lists the targets. `make run` and `make test` need nothing else
# done first: scripts/deps installs what they use.
GO = ./scripts/go
export CGO_ENABLED ?= 0
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
DESTDIR ?=
PREFIX ?= /usr
INIT ?= systemd
FUZZTIME ?= 20s

.PHONY: help build run test test-fast check golden bench fuzz vm soak capture made install uninstall deb trees images clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/attune, one static binary
	@scripts/deps build
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/attune ./cmd/attune

run: ## look at this machine and write what attune decides into out/, changing nothing
	@scripts/deps run
	@$(MAKE) --no-print-directory build
	bin/attune scan --names || [ $$? = 3 ]
	bin/attune boot --dry-run --scratch out || [ $$? = 3 ] # 3: done, with something to look at
	@echo "what was found and decided, each with its why: out/machine.json; bin/attune explain says why a device works or not"

# -count=1: a test of the program in QEMU does not import it, so a cached result could be of an older one.
test: ## everything: unit, corpus, real kernels in QEMU
	@scripts/deps test
	@$(MAKE) --no-print-directory images
	ATTUNE_REQUIRE=1 CGO_ENABLED=1 $(GO) test -count=1 -short -timeout 20m ./...
	@echo "real kernels now, two machines at a time: the timing among them wants the processors for itself"
	ATTUNE_REQUIRE=1 CGO_ENABLED=1 $(GO) test -count=1 -p 1 -timeout 80m ./internal/vm ./detect/nodes ./dist

test-fast: ## what needs no virtual machine
	@scripts/deps test
	@$(MAKE) --no-print-directory trees
	ATTUNE_REQUIRE=1 CGO_ENABLED=1 $(GO) test -count=1 -short -timeout 10m ./...

check: ## gofmt, vet, staticcheck, race tests: before every commit
	@scripts/deps test
	@out=$$("$$($(GO) env GOROOT)/bin/gofmt" -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change: $$out"; exit 1; }
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	CGO_ENABLED=1 $(GO) test -race -short -timeout 20m ./...

bench: ## compare with libkmod, libdisplay-info and lspci, in turn, in one run
	@scripts/deps test
	@$(MAKE) --no-print-directory trees install DESTDIR=out/bench
	$(GO) run ./bench/resolve -tree "$$(scripts/modtree bookworm)"
	$(GO) run ./bench/resolve -tree "$$(scripts/modtree trixie)"
	$(GO) run ./bench/edid -max 1.5 -displayinfo "$$(scripts/displayinfo)" -corpus "$${ATTUNE_CORPUS:-../shared/corpus}/edid/linuxhw.bin.xz"
	$(GO) run ./bench/whole -max 0.334 'out/bench/usr/bin/attune scan' 'lspci -nn'

vm: ## boot every machine of the table on both kernels, attune against udevd
	@scripts/deps test
	@$(MAKE) --no-print-directory images
	ATTUNE_REQUIRE=1 $(GO) test -count=1 -p 1 -timeout 80m -v ./internal/vm ./detect/nodes

soak: ## what takes longer: five timed boots of each in turn, a million broken EDIDs, X reading each machine's files by themselves, what the idle service costs, fifty power cuts, every fuzz function for two minutes
	@scripts/deps test
	@$(MAKE) --no-print-directory images
	ATTUNE_REQUIRE=1 ATTUNE_VM_RUNS=5 $(GO) test -count=1 -timeout 160m -v -run 'TestTiming' ./internal/vm
	ATTUNE_REQUIRE=1 ATTUNE_EDID_MUTATIONS=1000000 $(GO) test -count=1 -v -run 'TestMutations' ./detect/edid
	ATTUNE_REQUIRE=1 ATTUNE_SOAK=1 $(GO) test -count=1 -timeout 60m -v -run 'RealX|LikeX|Hostile' ./xconfig/...
	ATTUNE_REQUIRE=1 ATTUNE_SOAK=1 $(GO) test -count=1 -timeout 10m -v -run 'TestCost' ./internal/service
	ATTUNE_REQUIRE=1 ATTUNE_SOAK=1 $(GO) test -count=1 -timeout 120m -v -run 'TestImagePowerCut|TestFailsafe|TestInitramfs$$' ./internal/vm
	@$(MAKE) --no-print-directory fuzz FUZZTIME=2m

capture: build ## record this machine in out/machine.txtar, private data replaced
	@mkdir -p out
	bin/attune capture -o out/machine.txtar

golden: ## write the goldens anew; review the diff
	GOLDEN=1 $(GO) test -short -run 'TestScripts|TestGolden' ./cmd/attune
	GOLDEN=1 $(GO) test -run TestGPUFixtures ./xconfig/gpu
	GOLDEN=1 $(GO) test -run TestGolden ./dist

fuzz: ## each fuzz function for FUZZTIME
	@for p in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 5x $$p || exit 1; done; done

trees: ## the module trees of Debian 12 and 13, cached outside the checkout
	@scripts/modtree bookworm >/dev/null
	@scripts/modtree trixie >/dev/null

images: trees ## the trees, and what the virtual machines boot
	@scripts/vmroot bookworm >/dev/null
	@scripts/vmroot trixie >/dev/null
	@scripts/vmroot bookworm x >/dev/null
	@scripts/vmroot trixie x >/dev/null
	@scripts/vmimage trixie >/dev/null
	@scripts/vmimage bookworm >/dev/null

clean: ## remove what was built in the checkout
	rm -rf bin out

made: build ## what is installed and made from the program's tables: completions, the journal's catalog, the findings' manual page
	@mkdir -p out/completions/bash out/completions/zsh out/completions/fish
	bin/attune completion bash >out/completions/bash/attune
	bin/attune completion zsh >out/completions/zsh/_attune
	bin/attune completion fish >out/completions/fish/attune.fish
	$(GO) run ./dist/catalog >out/attune.catalog
	$(GO) run ./dist/catalog -man >out/attune-findings.7

install: made ## install what dist/manifest names, under DESTDIR and PREFIX; INIT=openrc or sysvinit: its script too
	DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) INIT=$(INIT) scripts/install

uninstall: ## remove what install put under DESTDIR and PREFIX
	DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) INIT=$(INIT) scripts/install --remove

deb: made ## build out/attune_VERSION_ARCH.deb
	@scripts/deps deb
	scripts/deb
