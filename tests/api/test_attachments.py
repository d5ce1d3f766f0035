"""/api/v1/postmortems/REF/attachments/: listed, sent, read and removed by tools."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from postmortems import accounts, attachments
from tests import pictures
from tests.makers import make_postmortem


@pytest.fixture
def postmortem(alice):
    """One of alice's team."""
    return make_postmortem(team=alice.teams.get(), authors=(alice,), visibility="team")


@pytest.fixture
def tool(system):
    """A client with a token: `tool(alice, "write")`."""

    def made(user, scope="write") -> Client:
        _token, secret = accounts.create_token(user, by=system, scope=scope, name="t", days=None)
        return Client(headers={"Authorization": f"Bearer {secret}"})

    return made


def address(postmortem, *more: str) -> str:
    """The address of the list, or of what stands below it."""
    return "/".join([f"/api/v1/postmortems/{postmortem.ref}/attachments", *more, ""])


def png(name="chart.png", data=None):
    """What a tool sends."""
    return {"file": SimpleUploadedFile(name, data or pictures.picture(), "image/png")}


def test_a_file_is_sent_listed_read_and_removed(tool, alice, postmortem):
    client = tool(alice)

    made = client.post(address(postmortem), png())
    body = made.json()
    assert made.status_code == 201
    assert client.get(made["Location"]).json() == body
    assert client.get(address(postmortem)).json() == {
        "count": 1,
        "next": None,
        "previous": None,
        "results": [body],
    }
    assert body["markdown"] == f"![chart.png](file:{body['id']})"
    content = client.get(body["content_url"], headers={"Accept": "image/png"})
    assert len(b"".join(content.streaming_content)) == body["size"]
    assert content["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert client.get(body["thumbnails"]["small"])["Content-Type"] == "image/webp"
    assert client.head(body["content_url"])["Content-Length"] == str(body["size"])

    assert client.delete(address(postmortem, body["id"])).status_code == 204
    assert client.get(address(postmortem)).json()["count"] == 0
    assert client.get(address(postmortem, body["id"])).status_code == 200


def test_what_is_not_taken_in_is_a_problem_with_its_reason(tool, alice, postmortem):
    answer = tool(alice).post(address(postmortem), png("a.png", pictures.HTML))

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"] == [
        {"pointer": "/file", "detail": "This is called a picture and is none."}
    ]


def test_without_a_part_called_file_there_is_a_hint(tool, alice, postmortem):
    answer = tool(alice).post(address(postmortem), {"other": "x"})

    assert answer.json()["errors"][0]["pointer"] == "/file"
    json = tool(alice).post(address(postmortem), {}, content_type="application/json")
    assert json.status_code in (400, 415)


def test_hidden_is_absent_and_seen_is_not_yours(tool, alice, bob, charlie, postmortem):
    file = attachments.add(postmortem, pictures.upload(), by=alice).file
    public = make_postmortem()
    client = tool(charlie)

    for below in ((), (file.pk,), (file.pk, "content")):
        assert client.get(address(postmortem, *below)).status_code == 404
    assert client.post(address(postmortem), png()).status_code == 404
    assert client.delete(address(postmortem, file.pk)).status_code == 404
    assert client.post(address(public), png()).status_code == 403
    assert tool(alice, "read").post(address(postmortem), png()).status_code == 403
    assert Client().post(address(public), png()).status_code == 401


def test_a_version_may_be_named_and_is_held_to_then(tool, alice, postmortem):
    client = tool(alice)
    tag = client.get(address(postmortem))["ETag"]
    made = client.post(address(postmortem), png(), headers={"If-Match": tag}).json()

    sent = client.post(address(postmortem), png("b.png"), headers={"If-Match": tag})
    removed = client.delete(address(postmortem, made["id"]), headers={"If-Match": tag})

    assert (sent.status_code, removed.status_code) == (412, 412)
    now = client.get(f"/api/v1/postmortems/{postmortem.ref}/")["ETag"]
    assert sent["ETag"] == removed["ETag"] == now
    assert (
        client.delete(address(postmortem, made["id"]), headers={"If-Match": now}).status_code == 204
    )


def test_a_file_with_a_key_is_taken_in_once(tool, alice, postmortem):
    client, data = tool(alice), pictures.picture()

    answers = [
        client.post(address(postmortem), png(data=data), headers={"Idempotency-Key": "k"})
        for _time in range(2)
    ]

    assert [item.status_code for item in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert client.get(address(postmortem)).json()["count"] == 1
