"""What a worker does once it has loaded the site."""

import gc
from types import SimpleNamespace

from django.db import OperationalError

from postmortems import server


def away(_environ, _start_response):
    """An application whose database cannot be reached, and that does not bear it."""
    raise OperationalError("no route to host")


def test_a_worker_leaves_what_it_has_loaded_to_no_collector(monkeypatch, tmp_path):
    monkeypatch.setenv(server.FOLDER, str(tmp_path))
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        server.post_worker_init(SimpleNamespace(age=1, wsgi=away))

        assert gc.get_threshold() == server.RARELY
        assert gc.get_freeze_count() > frozen + 10_000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
