#!/bin/bash
# Builds local stand-ins for the three public base images, for machines that can pull none; quick when all exist.
set -euo pipefail # an empty pipe into `docker import` would make an empty image
cd "$(dirname "$0")"
: "${SUITE:=trixie}" "${CA:=/etc/ssl/certs/ca-certificates.crt}" "${P:=scout}"

say() { printf 'offline: %s\n' "$*" >&2; }
have() { [ -z "${FORCE:-}" ] && docker image inspect "$1" >/dev/null 2>&1; }
build() { # image, build context and options
    have "$1" && return
    say "building $1"
    docker build ${FORCE:+--no-cache} --quiet --build-arg BASE_IMAGE="$base" --secret id=ca,src="$CA" -t "$@" >/dev/null
}

base=$P/debian:$SUITE-slim
if ! have "$base"; then
    command -v mmdebstrap >/dev/null || {
        say 'no public image can be pulled, and stand-ins need mmdebstrap: apt-get install mmdebstrap (Debian, Ubuntu).'
        exit 1
    }
    : "${MIRROR:=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')}"
    say "building $base from the mirror of this machine"
    mmdebstrap --quiet --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' --dpkgopt='path-exclude=/usr/share/lintian/*' \
        "$SUITE" - "$MIRROR" | docker import -c 'CMD ["bash"]' - "$base" >/dev/null
fi
build "$P/rabbitmq:4-management" -f rabbitmq.Dockerfile .
build "$P/python:3.13-slim" -f python.Dockerfile .
build "$P/store:1.24.2" store
