# Every target installs what it lacks first. The recipes are the scripts of package.json, so `npm run NAME` does the same.
.DEFAULT_GOAL := help
.PHONY: help demo demo-stop demo-clean test check fmt bench big-file vectors screens

run := @sh scripts/run.sh

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: ## Run the whole system on this machine, without Docker, with two members to talk as
	$(run) node demo/src/main.ts

demo-stop: ## End a running demonstration, its PostgreSQL included
	$(run) node demo/src/main.ts stop

demo-clean: ## Remove the demonstration's circle and data
	$(run) node demo/src/main.ts clean

test: ## Run everything: types, lint, unit, integration and end-to-end tests
	$(run) node scripts/test.ts

check: ## Check types, lint, format and that no secret file is about to be published
	$(run) node scripts/test.ts types lint

fmt: ## Format every file and apply the safe fixes
	$(run) biome check --write .

bench: ## Measure, each figure beside its floor in the same run
	$(run) node --disable-warning=ExperimentalWarning bench/src/main.ts

big-file: ## Send a file of 1 GB from a browser and measure the memory of its tab
	$(run) node --disable-warning=ExperimentalWarning bench/src/big-file.ts

vectors: ## Make the protocol's test vectors again
	$(run) node protocol/scripts/vectors.ts

screens: ## Take the pictures in docs/screens again
	$(run) node tests/screens/main.ts
