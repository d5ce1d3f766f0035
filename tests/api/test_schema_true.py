"""What the OpenAPI document says is so: every operation, asked by everybody, answers as it says."""

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings

from tests.api.fuzzing import BASE, SCHEMA, Asker, World, make_world, version_of
from tests.soak import IS_FULL

# The client that asks takes bytes as they come.
PLAIN = {"Accept-Encoding": "identity"}
EXAMPLES = 60 if IS_FULL else 4


@pytest.fixture
def world(db, settings) -> Iterator[World]:
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 10**9
    # The application closes a connection that is in a transaction, as the test's is.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield make_world()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=not IS_FULL,
    suppress_health_check=list(HealthCheck),
)
def test_an_operation_answers_as_described(case, world):
    if case.path_parameters:
        case.path_parameters = world.named(case.path_parameters)
    # What was made to be wrong stays so; what is no JSON would be held for wrong once it is touched.
    is_json = "json" in (case.media_type or "") and isinstance(case.body, dict | list)
    if is_json and case.meta and case.meta.generation.mode.is_positive:
        case.body = world.sent(case.body)
    if "ref" in case.path_parameters and case.headers and "If-Match" in case.headers:
        case.headers["If-Match"] = version_of(case.path_parameters["ref"]) or "x"

    for asker in world.askers:
        ask(case, asker)


def ask(case, asker: Asker) -> None:
    case.call_and_validate(
        base_url=BASE, headers=PLAIN | dict(asker.headers), cookies=dict(asker.cookies)
    )
