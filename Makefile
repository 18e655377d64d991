# make help lists the targets. `make run` and `make test` need nothing else
# done first: scripts/deps installs what they use.
GO = ./scripts/go
export CGO_ENABLED ?= 0
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
DESTDIR ?=
PREFIX ?= /usr
FUZZTIME ?= 20s

.PHONY: help build run test test-fast check golden bench fuzz vm soak capture install images clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/attune, one static binary
	@scripts/deps build
	$(GO) build -trimpath -ldflags '-s -w -X main.version=$(VERSION)' -o bin/attune ./cmd/attune

run: ## look at this machine and write what attune decides into out/, changing nothing
	@scripts/deps run
	@$(MAKE) --no-print-directory build
	bin/attune boot --dry-run --scratch out

test: ## everything: unit, corpus, real kernels in QEMU
	@scripts/deps test
	@$(MAKE) --no-print-directory images
	CGO_ENABLED=1 $(GO) test -timeout 80m ./...

test-fast: ## what needs no virtual machine
	@scripts/deps test
	CGO_ENABLED=1 $(GO) test -short -timeout 10m ./...

check: ## gofmt, vet, staticcheck, race tests: before every commit
	@scripts/deps test
	@out=$$($(GO) tool -n staticcheck >/dev/null && gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change: $$out"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	CGO_ENABLED=1 $(GO) test -race -short -timeout 15m ./...

golden: ## write the goldens anew; review the diff
	$(GO) test -short ./... -golden

fuzz: ## each fuzz function for FUZZTIME
	@for p in $$($(GO) list ./...); do for f in $$($(GO) test -list '^Fuzz' $$p | grep '^Fuzz'); do \
		echo "$$p $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) $$p || exit 1; done; done

images: ## the kernels and root images of the virtual machines, cached outside the checkout
	@scripts/deps test
	scripts/vmroot bookworm
	scripts/vmroot trixie

clean: ## remove what was built in the checkout
	rm -rf bin out

install: build ## install under DESTDIR and PREFIX
	install -D -m 0755 bin/attune $(DESTDIR)$(PREFIX)/bin/attune
