"""No input makes a 5xx: whatever is sent, the answer is one that the OpenAPI document names, as a problem."""

import json
import random
import shutil
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.test import Client

from tests.api.bad_values import JSON, VALUES, Bad, bad_requests, more_of
from tests.api.fuzzing import Asker, World, make_world, operations, version_of
from tests.soak import IS_FULL
from tests.standing import standing

OPERATIONS = list(operations())
# Of each operation so many; all of them in the long run.
PART = 15
# Of the methods and of the host: not an operation's own.
ALWAYS = {405}


@pytest.fixture(scope="module")
def made_once(django_db_setup, django_db_blocker) -> Iterator[tuple[World, Path]]:
    """The world and the folder of its files."""
    with standing(django_db_blocker, make_world) as made:
        yield made


@pytest.fixture
def world(made_once, db, own_files, settings) -> World:
    settings.API_RATE_TOKEN = settings.API_RATE_ADDRESS = 10**9
    made, folder = made_once
    shutil.copytree(folder, settings.ATTACHMENTS_DIR)
    return made


def chosen(operation: dict) -> list[Bad]:
    if IS_FULL:
        return list(bad_requests(operation, (*VALUES, *more_of("values"))))
    draw = random.Random(operation["operationId"])
    requests = list(bad_requests(operation, tuple(draw.sample(VALUES, 3))))
    return draw.sample(requests, min(PART, len(requests)))


def send(world: World, asker: Asker, method: str, path: str, bad: Bad):
    known = {"ref": world.known["ref"][0]}
    for name, values in world.known.items():
        known.setdefault(name, values[0])
    for part in path.split("{")[1:]:
        name = part.partition("}")[0]
        path = path.replace(f"{{{name}}}", bad.path.get(name) or known.get(name, "1"))
    headers = {"If-Match": version_of(known["ref"]) or "", "Content-Type": JSON, **asker.headers}
    headers |= dict(bad.headers)
    client = Client(raise_request_exception=False)
    client.cookies.load(dict(asker.cookies))
    media = headers.pop("Content-Type")
    sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
    return client.generic(
        method, f"{path}?{bad.query}", bad.body or b"", content_type=media, headers=sent
    )


def complaint(answer, operation: dict) -> str:
    """What is wrong with an answer; empty where nothing is."""
    status = answer.status_code
    if status >= 500:
        return f"{status}"
    if str(status) not in operation["responses"] and status not in ALWAYS:
        return f"{status} is not described"
    if status < 400:
        return ""
    if answer["Content-Type"] != "application/problem+json":
        return f"{status} as {answer['Content-Type']}"
    return "" if json.loads(answer.content)["status"] == status else "another status in the body"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("method", "path", "operation"), OPERATIONS, ids=[item[2]["operationId"] for item in OPERATIONS]
)
def test_nothing_that_is_sent_makes_a_server_error(world, method, path, operation):
    # Those who get no further than the door, and those who get furthest.
    askers = (world.askers[0], world.askers[-1])

    found = [
        f"{asker.name}: {bad.place}: {wrong}"
        for number, bad in enumerate(chosen(operation))
        for asker in (askers if IS_FULL else [askers[number % 2]])
        if (wrong := complaint(send(world, asker, method, path, bad), operation))
    ]

    assert list(islice(found, 20)) == []
