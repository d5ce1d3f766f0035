"""Several real processes write, read and die; what was acknowledged must be found. `make soak` runs it in full."""

import os

# A seeded part runs in the normal suite, all of it with HINDSIGHT_SOAK=1.
IS_FULL = bool(os.environ.get("HINDSIGHT_SOAK"))
