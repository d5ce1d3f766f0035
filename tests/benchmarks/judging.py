"""How well search ranks what people ask: nDCG@10, MRR and recall over the judged queries.

`python -m tests.benchmarks.judging` prints the figures by group and the queries served worst.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def figures() -> list[tuple[str, str, str]]:
    """Lines for `make bench` (work, measured, budget), from a process with a site of its own: what
    else is in the collection must not change who comes first."""
    command = [sys.executable, "-m", "tests.benchmarks.judging", "--lines"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    rows = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
    return [(work, value, budget) for work, value, budget in rows]


def main() -> int:
    """Make a site, load, ask, print. The settings read the environment when they are imported."""
    options = parse_arguments()
    folder = Path(tempfile.mkdtemp(prefix="hindsight-judging-"))
    os.environ["HINDSIGHT_DATA_DIR"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "postmortems.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        import django

        django.setup()
        from django.core.management import call_command

        from tests.benchmarks.judged import asking, measure
        from tests.makers import load_shipped_vocabularies

        call_command("migrate", verbosity=0)
        load_shipped_vocabularies()
        asking.load()
        answers = asking.ask_all()
        if options.lines:
            print("\n".join("\t".join(figure) for figure in measure.figures(answers)))
        else:
            print("\n".join(measure.report(answers, options.worst)))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def parse_arguments() -> argparse.Namespace:
    """How much to print."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.judging", description=__doc__)
    parser.add_argument("worst", type=int, nargs="?", default=10, help="how many bad queries")
    parser.add_argument("--lines", action="store_true", help="figures alone, separated by tabs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
