# make help lists the targets.

GO ?= go
FUZZTIME ?= 20s
KILLS ?= 100
TEMPL = github.com/a-h/templ/cmd/templ@v0.3.977
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

.PHONY: check
check: lint test race kill fuzz bench-module ## everything that CI checks

.PHONY: lint
lint: ## formatting, vet, staticcheck
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt on these files"; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(MAKE) generate
	@git diff --quiet -- '*_templ.go' || { git diff --stat -- '*_templ.go'; echo "run make generate and commit what it makes"; exit 1; }

.PHONY: test
test: ## the tests, as the README says
	$(GO) test ./...

.PHONY: race
race: ## what runs concurrently, under the race detector
	$(GO) test -race -short . ./internal/... ./reservation ./reservation/reservationtest
	$(GO) test -race -short -run 'SQLite|Linear' ./reservation/reservationbun

.PHONY: kill
kill: ## kill the server in mid-write, again and again, and look for losses
	INNARDS_KILLS=$(KILLS) $(GO) test -count=1 -timeout 20m -run '^TestKill' ./cmd/innards/...

# A target is tried three times, since a worker that is cut off at the end of its time is reported as a failure. A real one fails
# again: its input was kept.
.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME
	@set -e; for package in $$($(GO) list ./...); do \
	  for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' || true); do \
	    echo "fuzz $$package $$target"; \
	    fuzz() { $(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package; }; \
	    fuzz || fuzz || fuzz; \
	  done; \
	done

.PHONY: bench-module
bench-module: ## the nested module of benchmark peers still builds
	cd internal/bench && $(GO) vet ./... && $(GO) test ./...

.PHONY: generate
generate: ## the pages' Go code from their templates
	cd cmd/innards/internal/web && $(GO) run $(TEMPL) generate

.PHONY: golden
golden: ## write the generated diagrams, tables and documents anew
	$(GO) test ./... -run 'Golden|Documented|README' -update

.PHONY: screenshots
screenshots: ## take the README's pictures anew (needs Chromium)
	INNARDS_SCREENSHOTS=$(CURDIR)/cmd/innards/screenshots $(GO) test -count=1 -run Screenshots ./cmd/innards

.PHONY: mutation
mutation: ## mutation score of the domain packages (long)
	GOFLAGS=-count=1 $(GO) run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash --workers 1 --timeout-coefficient 100 .
	cd reservation && GOFLAGS=-count=1 $(GO) run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash --workers 1 --timeout-coefficient 100 .
