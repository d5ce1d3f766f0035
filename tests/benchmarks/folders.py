"""The folder that a benchmark of the patterns works in, and what it is started with."""

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path


def in_a_folder(name: str, about: str | None, measure: Callable[[int, bool], None]) -> int:
    """Read the options, set up the site of the folder, and measure so many documents; whether the
    folder is kept is told too. Settings read the environment on import."""
    parser = argparse.ArgumentParser(prog=name, description=about)
    parser.add_argument("--documents", type=int, default=100_000, metavar="N")
    parser.add_argument("--folder", help="keep the index here, and use one that is there")
    options = parser.parse_args()
    folder = Path(options.folder or tempfile.mkdtemp(prefix="hindsight-patterns-"))
    os.environ["HINDSIGHT_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "postmortems.settings"
    try:
        import django

        django.setup()
        measure(options.documents, bool(options.folder))
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)
    return 0
