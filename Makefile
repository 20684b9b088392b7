# Everything here needs Go and make alone, and the VS Code extension Node.js: the
# tools are fetched and built at their pinned versions on first use, into bin/.

GO                    ?= go
GOLANGCI_LINT_VERSION := v2.15.0
STATICCHECK_VERSION   := v0.8.2
GOPLS_VERSION         := v0.23.0

# A tool has to be built by the Go release whose code it reads, so each lives in
# a directory named after both versions and is built again when one changes.
GOVERSION     := $(shell $(GO) env GOVERSION)
TOOLS         := bin/$(GOVERSION)
GOLANGCI_LINT := $(TOOLS)/golangci-lint@$(GOLANGCI_LINT_VERSION)/golangci-lint
STATICCHECK   := $(TOOLS)/staticcheck@$(STATICCHECK_VERSION)/staticcheck
GOPLS         := $(TOOLS)/gopls@$(GOPLS_VERSION)/gopls

# Go switches cgo off by itself where there is no C compiler, and on most
# systems the race detector goes with it.
RACE ?= $(if $(filter 1,$(shell $(GO) env CGO_ENABLED)),-race)

# What checks the extension is written for no older one.
NODE := $(shell node -e 'const [a, b] = process.versions.node.split("."); process.stdout.write(String(a > 20 || (a == 20 && b >= 19)))' 2>/dev/null)

# VS Code is played in whatever Chromium there is.
BROWSER := $(shell for b in chromium chromium-browser google-chrome; do command -v $$b && break; done)

# The comparison with the go command takes two minutes on a quiet machine, and
# ten on one that has much else to do.
TESTTIME ?= 30m

# The package of the extension that runs here.
VSIX_TARGET = $(shell node -p 'process.platform + "-" + process.arch' 2>/dev/null)

FUZZTIME  ?= 30s
BENCHTIME ?= 1s

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: build
build: ## build the static program, bin/modreach
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/modreach .

.PHONY: check
check: $(GOLANGCI_LINT) $(STATICCHECK) ## vet, lint, formatting, and a tidy go.mod
	$(GO) mod tidy -diff
	$(GO) vet ./...
	$(GOLANGCI_LINT) run
	$(STATICCHECK) ./...

.PHONY: test
test: check ## check, then every test under the race detector
	$(if $(RACE),,@echo 'no C compiler: the tests run without the race detector')
	$(GO) test $(RACE) -timeout=$(TESTTIME) ./...
	$(if $(filter true,$(NODE)),$(MAKE) extension,@echo 'no Node.js from 20.19 on: the VS Code extension is not tested')

.PHONY: extension
extension: node_modules/.package-lock.json ## check and test the VS Code extension
	npm test

.PHONY: vsix
vsix: node_modules/.package-lock.json ## pack the extension for each platform, into dist/vsix
	npm run --silent audit
	GO='$(GO)' node extension/vsix.mjs dist/vsix
	MODREACH_VSIX='$(CURDIR)/dist/vsix' $(GO) test -count=1 -run '^TestPackages' .

.PHONY: programs
programs: ## build the program for each system, into dist/programs, with checksums
	@GO='$(GO)' .ci/programs dist/programs

.PHONY: e2e
e2e: $(GOPLS) ## run real editors and a browser, headless, on what modreach serves and writes
	PATH='$(CURDIR)/$(dir $(GOPLS))':"$$PATH" MODREACH_E2E=1 $(GO) test -count=1 -v -run '^Test(Editors|Reports)$$' ./e2e
	$(if $(and $(BROWSER),$(filter true,$(NODE)),$(filter linux-x64,$(VSIX_TARGET))),$(MAKE) e2e-vscode,@echo 'VS Code is not played: that wants Linux on x86-64, Chromium, and Node.js from 20.19 on')

.PHONY: e2e-vscode
e2e-vscode: $(GOPLS) node_modules/.package-lock.json extension/e2e/node_modules/.ready ## run the extension in a real VS Code, headless
	GO='$(GO)' node extension/vsix.mjs dist/vsix $(VSIX_TARGET)
	npm run --silent e2e
	PATH='$(CURDIR)/$(dir $(GOPLS))':"$$PATH" MODREACH_E2E_VSCODE='$(CURDIR)/dist/vsix/modreach-$(VSIX_TARGET).vsix' CHROMIUM='$(BROWSER)' $(GO) test -count=1 -v -run '^TestVSCode$$' ./e2e

.PHONY: bench-vscode
bench-vscode: e2e-vscode ## measure how long the extension takes to come up
	PATH='$(CURDIR)/$(dir $(GOPLS))':"$$PATH" MODREACH_E2E_VSCODE='$(CURDIR)/dist/vsix/modreach-$(VSIX_TARGET).vsix' CHROMIUM='$(BROWSER)' $(GO) test -run '^$$' -bench=VSCode -benchtime=5x ./e2e

.PHONY: pictures
pictures: e2e-vscode report-picture ## replace the pictures of the extension and of the report
	cp dist/e2e/pictures/problems.png dist/e2e/pictures/hover.png dist/e2e/pictures/fixes.png extension/pictures
	cp dist/e2e/pictures/doctor.png docs/pictures

.PHONY: report-picture
report-picture: ## replace the picture of the report, which wants Chromium alone
	MODREACH_E2E=1 $(GO) test -count=1 -run '^TestReports$$' ./e2e
	cp dist/e2e/pictures/report.png docs/pictures

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (30s), or those that FUZZ matches
	@GO='$(GO)' .ci/fuzz $(FUZZTIME) '$(FUZZ)'

.PHONY: bench
bench: $(GOPLS) ## run the benchmarks, some beside gopls
	PATH='$(CURDIR)/$(dir $(GOPLS))':"$$PATH" $(GO) test -run='^$$' -bench=. -benchmem -benchtime=$(BENCHTIME) ./...

.PHONY: public
public: ## compare with the go command over the real network (some gigabytes)
	MODREACH_PUBLIC=1 $(GO) test -run='^TestPublic' -timeout=0 -v .

.PHONY: format
format: $(GOLANGCI_LINT) ## rewrite the sources in the form check wants
	$(GOLANGCI_LINT) fmt

.PHONY: clean
clean: ## remove what was built, tools too
	rm -rf bin dist node_modules extension/e2e/node_modules

node_modules/.package-lock.json: package.json package-lock.json
	npm ci
	@touch $@

extension/e2e/node_modules/.ready: extension/e2e/package-lock.json extension/e2e/setup
	extension/e2e/setup

$(GOLANGCI_LINT):
	GOBIN='$(CURDIR)/$(@D)' $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

$(STATICCHECK):
	GOBIN='$(CURDIR)/$(@D)' $(GO) install honnef.co/go/tools/cmd/staticcheck@$(STATICCHECK_VERSION)

$(GOPLS):
	GOBIN='$(CURDIR)/$(@D)' $(GO) install golang.org/x/tools/gopls@$(GOPLS_VERSION)
