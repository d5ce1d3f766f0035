"""`make bench`: builds a synthetic collection in a folder of its own and prints figures beside the budget."""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Set up an empty site, then measure. The settings read the environment when they are imported."""
    options = parse_arguments()
    folder = Path(tempfile.mkdtemp(prefix="hindsight-bench-"))
    os.environ["HINDSIGHT_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "postmortems.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        import django

        django.setup()
        from tests.benchmarks import measures

        measures.run(options.documents)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def parse_arguments() -> argparse.Namespace:
    """The size of the collection."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
