# Targets of development install what they lack first; `npm run NAME` does the same. Those of the appliance (up to
# restore) run on a server that has Docker and no Node.
.DEFAULT_GOAL := help
.PHONY: help up down logs status doctor upgrade admin backup restore demo demo-stop demo-clean test fuzz soak test-appliance check fmt bench big-file big-call vectors screens

run := @sh scripts/run.sh
appliance := @sh scripts/appliance
fuzzed := protocol/test/fuzz.test.ts protocol/test/fuzz-shaped.test.ts images/relay/test/fuzz.test.ts images/relay/test/integration/fuzz.test.ts \
	admin-cli/test/fuzz.test.ts admin-cli/test/fuzz-commands.test.ts admin-cli/test/fuzz-turn.test.ts client/test/hostile-answers.test.ts

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

up: ## Check this server, then start the relay on it with Docker (DOMAIN=relay.example.org and more: docs/operating.md)
	$(appliance)/up.sh

down: ## Stop the relay on this server; its data stays
	$(appliance)/down.sh

logs: ## Show what the services say (SERVICE=relay for one)
	$(appliance)/logs.sh

status: ## Tell how the services are, what room they take, and how the TURN secrets stand
	$(appliance)/status.sh

doctor: ## Say what is wrong on this server, what it means and what mends it (ARGS="--quiet" for a crontab)
	$(appliance)/doctor.sh $(ARGS)

upgrade: ## After a git pull: build, migrate and replace, without losing a message
	$(appliance)/upgrade.sh

admin: ## Run relay-admin on this server (ARGS="identities list")
	$(appliance)/admin.sh $(ARGS)

backup: ## Write what a new server would need into one sealed file (FILE=relay.backup ARGS="--recipient age1…")
	$(appliance)/backup.sh make "$(FILE)" $(ARGS)

restore: ## Bring a backup into an empty appliance (FILE=relay.backup IDENTITY=key.txt; ARGS=--check only looks)
	$(appliance)/backup.sh bring "$(FILE)" "$(IDENTITY)" $(ARGS)

demo: ## Run the whole system on this machine, without Docker, with two members to talk as
	$(run) node demo/src/main.ts

demo-stop: ## End a running demonstration, its PostgreSQL included
	$(run) node demo/src/main.ts stop

demo-clean: ## Remove the demonstration's circle and data
	$(run) node demo/src/main.ts clean

test: ## Run everything: types, lint, unit, integration and end-to-end tests
	$(run) node scripts/test.ts

test-appliance: ## Build the real images and test the real appliance, on an engine of its own where none answers
	@bash tests/appliance/run.sh sh scripts/run.sh node scripts/test.ts appliance

fuzz: ## Try parsers, routes, sockets, what operators give and what relays answer on hostile input (SECONDS=60 for each, SEED=n to repeat a run)
	$(run) env FUZZ_SECONDS=$(or $(SECONDS),60) $(if $(SEED),FUZZ_SEED=$(SEED)) vitest run --project=unit --project=integration $(fuzzed)

soak: ## Let twenty members work over a relay that is restarted, and judge (MINUTES=60, SEED=n, WRITE=1 for docs/security.md)
	$(run) nice -n 10 node tests/soak/main.ts --minutes $(or $(MINUTES),60) $(if $(SEED),--seed $(SEED)) $(if $(WRITE),--write)

check: ## Check types, lint, format and that no secret file is about to be published
	$(run) node scripts/test.ts types lint

fmt: ## Format every file and apply the safe fixes
	$(run) biome check --write .

bench: ## Measure, each figure beside its floor in the same run
	$(run) sh scripts/loopback.sh -t node --disable-warning=ExperimentalWarning bench/src/main.ts

big-file: ## Send a file of 1 GB from a browser and measure the memory of its tab
	$(run) node --disable-warning=ExperimentalWarning bench/src/big-file.ts

big-call: ## Have ever more members in one call and count what arrives (WRITE=1 for docs/big-call.md)
	$(run) sh scripts/loopback.sh -t node --disable-warning=ExperimentalWarning tests/crowd/main.ts $(if $(WRITE),--write)

vectors: ## Make the protocol's test vectors again
	$(run) node protocol/scripts/vectors.ts

screens: ## Take the pictures in docs/screens again
	$(run) sh scripts/loopback.sh -t node tests/screens/main.ts
