#!/bin/sh
# Leaves a working Docker engine with compose and buildx, or exits 1. Safe to call at any time, by several at once.
# It installs packages (root on a Debian-like machine) only where no engine answers.
set -eu
: "${PLUGINS:=/usr/local/lib/docker/cli-plugins}" "${PLUGIN_SUITE:=trixie}"
: "${PIDFILE:=/var/run/docker.pid}" "${EXECROOT:=/var/run/docker}"
: "${DOCKERD_LOG:=/var/log/dockerd-scout.log}" "${LOCK:=/var/lock/scout-engine}"
PATH=$PATH:/usr/sbin:/sbin

say() { printf 'engine: %s\n' "$*" >&2; }
alive() { timeout 10 docker version >/dev/null 2>&1; }
plugged() { docker compose version >/dev/null 2>&1 && docker buildx version >/dev/null 2>&1; }
wait_alive() {
    n=$1
    until alive; do
        n=$((n - 1))
        [ "$n" -gt 0 ] || return 1
        sleep 0.5
    done
}

# Whether the pid file $1 names a live process called $2; a file that does not (gone, zombie, reused) is removed.
live() {
    p=$(cat "$1" 2>/dev/null) && [ "$(cat "/proc/$p/comm" 2>/dev/null)" = "$2" ] &&
        ! grep -q '^State:.Z' "/proc/$p/status" && return
    rm -f "$1"
    return 1
}

if alive && plugged; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say 'no Docker engine with compose answers, and only root on a Debian-like machine can have one installed here.'
    say 'Start yours (or install it: docs/deploy.md), or run ./justw check, which needs none.'
    exit 1
fi
exec 9>"$LOCK"
flock 9

want=
for c in dockerd:docker.io iptables:iptables mmdebstrap:mmdebstrap; do
    command -v "${c%%:*}" >/dev/null || want="$want ${c##*:}"
done
if [ -n "$want" ]; then
    say "installing$want with apt (this machine has none, and we are root)"
    apt-get -qq update
    # apparmor: without its parser the daemon cannot start containers on a kernel that has AppArmor switched on
    # shellcheck disable=SC2086 # a list of names
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $want apparmor ca-certificates >/dev/null
fi

if ! plugged; then
    say "fetching docker compose and buildx from Debian's $PLUGIN_SUITE"
    # the mirror that this machine already uses
    : "${MIRROR:=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -m1 '/debian/*$')}"
    t=$(mktemp -d)
    mkdir -p "$t/lists/partial" "$t/cache/archives/partial" "$t/x" "$PLUGINS"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $MIRROR $PLUGIN_SUITE main" >"$t/sources.list"
    (
        cd "$t"
        set -- -qq -o Dir::Etc::sourcelist="$t/sources.list" -o Dir::Etc::sourceparts=/dev/null \
            -o Dir::State::Lists="$t/lists" -o Dir::Cache="$t/cache" -o APT::Sandbox::User=root \
            -o Acquire::Languages=none -o Acquire::Check-Valid-Until=false
        apt-get "$@" update
        apt-get "$@" download docker-compose docker-buildx
        for d in ./*.deb; do dpkg-deb -x "$d" x; done
        install -m 755 x/usr/libexec/docker/cli-plugins/docker-* "$PLUGINS/"
    )
    rm -rf "$t"
fi

if ! alive; then
    say 'starting the Docker daemon'
    if [ -d /run/systemd/system ]; then
        systemctl start docker
    elif live "$PIDFILE" dockerd && wait_alive 60; then
        : # it was just starting
    else
        live "$EXECROOT/containerd/containerd.pid" containerd || :
        setsid dockerd >>"$DOCKERD_LOG" 2>&1 </dev/null 9>&- &
    fi
fi
wait_alive 120 || {
    tail -n 5 "$DOCKERD_LOG" >&2
    exit 1
}
