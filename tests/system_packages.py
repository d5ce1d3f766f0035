"""Chromium for the browser tests: found, or installed when we may, else one clear sentence. Used by `make test`."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-noto-cjk", "fonts-noto-color-emoji")


def find_chromium() -> str | None:
    """The path of a Chromium-like browser, the CHROMIUM variable first; None when there is none."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    """Make sure that a browser is there; 1 when it is not and cannot be installed."""
    if find_chromium():
        return 0
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(
            "The browser tests need Chromium. Install it (Debian, Ubuntu: apt-get install "
            "chromium fonts-noto-cjk fonts-noto-color-emoji) or set CHROMIUM to its path.",
            file=sys.stderr,
        )
        return 1
    print("Installing Chromium and fonts for the browser tests …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
        subprocess.run(
            ["apt-get", "-qq", *command], check=True, env=environment, stdout=subprocess.DEVNULL
        )
    return 0 if find_chromium() else 1


if __name__ == "__main__":
    sys.exit(main())
