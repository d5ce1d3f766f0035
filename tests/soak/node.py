"""A process as a server's: reads acts as JSON lines, answers each with a line. `site.Node` starts it."""

import json
import sys

import django


def main() -> None:
    """Answer until the input ends."""
    django.setup()
    from tests.soak import acts, merging, saving

    known = {"merging": merging, "saving": saving}
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, given = json.loads(line)
        try:
            module, _dot, act = name.rpartition(".")
            answer = {"is": getattr(known.get(module, acts), act)(**given)}
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
