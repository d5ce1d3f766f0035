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
    # The site itself runs on SQLite; a server that is named is for the comparison.
    rivals_url = os.environ.pop("DATABASE_URL", "")
    try:
        import django

        django.setup()
        from tests.benchmarks import measures

        measures.run(
            measures.Options(
                documents=options.documents,
                length=options.length,
                is_engine_only=options.engine_only,
                rivals_url=rivals_url,
                has_rivals=options.rivals,
            )
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def parse_arguments() -> argparse.Namespace:
    """The size of the collection, and what is measured."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--documents", type=int, default=10_000, metavar="N")
    parser.add_argument("--length", type=float, default=1.0, help="so many times as long as usual")
    parser.add_argument("--engine-only", action="store_true", help="no database, no pages")
    parser.add_argument("--rivals", action="store_true", help="other engines beside it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
