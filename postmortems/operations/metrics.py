"""Figures of the site in Prometheus' format, summed over all workers of this node.

No label names a person, a postmortem or what was searched for: whoever reads them reads no content.
"""

import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import django
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db import DatabaseError, connection
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from postmortems.models import Draft
from postmortems.search import following, generations, timing

MULTIPROCESS = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST
VERSION = "0.1.0"
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Counter("hindsight_requests", "Answers.", ["route", "method", "status"])
SECONDS = Histogram("hindsight_request_seconds", "Time to answer.", ["route"], buckets=BUCKETS)
DATABASE_SECONDS = Counter("hindsight_database_seconds", "Time in the database.", ["route"])
DATABASE_STATEMENTS = Counter("hindsight_database_statements", "Statements.", ["route"])
SEARCH_SECONDS = Histogram("hindsight_search_seconds", "Time of one search.", buckets=BUCKETS)
SIGN_IN_FAILURES = Counter("hindsight_sign_in_failures", "Names and passwords that do not match.")


class Stopwatch:
    """What one request spends in the database; an execute wrapper of Django's."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.statements = 0

    def __call__(self, execute: Callable[..., Any], *given: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(*given)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements += 1


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    """Measures the statements of this thread."""
    watch = Stopwatch()
    with connection.execute_wrapper(watch):
        yield watch


@contextmanager
def uncounted() -> Iterator[None]:
    """What the whole process searches meanwhile is in no figure."""
    timing.after_search.remove(SEARCH_SECONDS.observe)
    try:
        yield
    finally:
        timing.after_search.append(SEARCH_SECONDS.observe)


def count_request(route: str, method: str, status: int, seconds: float, watch: Stopwatch) -> None:
    """Add one answer to the figures."""
    # Any word may stand as a method, and each would be a series of its own.
    known = method if method in METHODS else "other"
    REQUESTS.labels(route, known, f"{status // 100}xx").inc()
    SECONDS.labels(route).observe(seconds)
    if watch.statements:
        DATABASE_SECONDS.labels(route).inc(watch.seconds)
        DATABASE_STATEMENTS.labels(route).inc(watch.statements)


def exposition() -> bytes:
    """All figures, those of other workers included."""
    now = CollectorRegistry()
    _add_figures_of_now(now)
    counted = REGISTRY
    if os.environ.get(MULTIPROCESS):
        counted = CollectorRegistry()
        MultiProcessCollector(counted)
    return generate_latest(counted) + generate_latest(now)


def _add_figures_of_now(registry: CollectorRegistry) -> None:
    build = Gauge("hindsight_build_info", "What runs.", list(_build()), registry=registry)
    build.labels(**_build()).set(1)
    if (done := settings.DATA_DIR / "last_backup").exists():
        name, says = "hindsight_last_backup_timestamp_seconds", "When this node last made a backup."
        Gauge(name, says, registry=registry).set(done.stat().st_mtime)
    is_up = Gauge("hindsight_database_up", "Whether the database answers.", registry=registry)
    try:
        drafts, lag = Draft.objects.count(), _index_lag()
    except DatabaseError:
        is_up.set(0)
        return
    is_up.set(1)
    Gauge("hindsight_drafts", "Drafts kept.", registry=registry).set(drafts)
    name, says = "hindsight_index_lag", "Lines of the log that this node's index has not followed."
    Gauge(name, says, registry=registry).set(lag)


def _index_lag() -> int:
    """Lines between the log's end and this node's index; all of them where there is no index."""
    opened = generations.current(reread=True)
    return following.newest().number - (opened.state.position.number if opened else 0)


def _build() -> dict[str, str]:
    return {
        "version": VERSION,
        "python": platform.python_version(),
        "django": django.get_version(),
    }


def _count_failure(**_kwargs: Any) -> None:
    SIGN_IN_FAILURES.inc()


timing.after_search.append(SEARCH_SECONDS.observe)
user_login_failed.connect(_count_failure, dispatch_uid="failures in the figures")
