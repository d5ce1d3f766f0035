"""What a worker does once it has loaded the site."""

import gc
from types import SimpleNamespace

from postmortems import server


def test_a_worker_leaves_what_it_has_loaded_to_no_collector(monkeypatch, tmp_path):
    monkeypatch.setenv(server.FOLDER, str(tmp_path))
    before, frozen = gc.get_threshold(), gc.get_freeze_count()
    try:
        server.post_worker_init(SimpleNamespace(age=1))

        assert gc.get_threshold() == server.RARELY
        assert gc.get_freeze_count() > frozen + 10_000
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
