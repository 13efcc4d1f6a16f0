#!/usr/bin/env bash
# Usage: run.sh COMMAND [ARGUMENT...]
# Runs a command with a Docker engine at hand: the one that answers, else one brought up for the while and undone afterwards.
set -euo pipefail

engine=$(dirname "$0")/engine/engine.sh
trap 'bash "$engine" down' EXIT
trap 'exit 143' TERM INT
started=$(date +%s)
bash "$engine" up
ENGINE_SECONDS=$(($(date +%s) - started)) RELAY_APPLIANCE=required "$@"
