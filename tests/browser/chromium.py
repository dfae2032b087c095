"""The browser of this machine: Debian's chromium, or another build of it, driven by Playwright."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
_OPTIONS = ("--no-sandbox", "--disable-dev-shm-usage")
"""Root may open no sandbox, and a container's /dev/shm is small."""


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window; a machine that has none fails in one line that says what to install.

    It is Playwright's plain one, whose loop runs in this thread: whoever starts it ends it before an async test begins.
    """
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail(f"No browser here ({', '.join(NAMES)}): install one, as deploy/chromium.sh does.", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=_OPTIONS)
        yield browser
        browser.close()
