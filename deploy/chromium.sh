#!/bin/sh
# Leaves a browser for the tests of the pages (tests/browser), or exits 1. Safe to call at any time, by several at once.
# It installs packages (root on a Debian-like machine) only where no browser is.
set -eu
: "${LOCK:=/var/lock/scout-chromium}"

say() { printf 'browser: %s\n' "$*" >&2; }
# the names that tests/browser/chromium.py looks for
found() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

if found >/dev/null; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    say 'no Chromium here, and only root on a Debian-like machine can have one installed by this script.'
    say 'Install chromium or google-chrome, or leave the pages out: pytest -m "not browser".'
    exit 1
fi
exec 9>"$LOCK"
flock 9
if found >/dev/null; then exit 0; fi

say 'installing chromium with apt (this machine has none, and we are root)'
apt-get -qq update
# fonts-liberation: without a font of its own the pages are measured in whatever else is there
DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends chromium fonts-liberation >/dev/null
found >/dev/null || {
    say 'apt installed no browser that is called chromium (Ubuntu has it as a snap only): install one by hand.'
    exit 1
}
