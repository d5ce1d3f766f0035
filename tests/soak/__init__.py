"""Several real processes write, read and die; what was acknowledged must be found. `make soak` runs it in full."""

import os
import time
from collections.abc import Callable

# A seeded part runs in the normal suite, all of it with HINDSIGHT_SOAK=1.
IS_FULL = bool(os.environ.get("HINDSIGHT_SOAK"))


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for what slower machines take longer for; fails with `what` when it does not come."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, f"{what}: not within {seconds} s"
        time.sleep(0.1)
