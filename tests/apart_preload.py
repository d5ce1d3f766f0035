"""What the server of `apart` has read before it forks: once, instead of once a process."""

import django

django.setup()

from postmortems.search import entries, generations, sync  # noqa: E402, F401
