"""Writers that come through pages and the API as people and tools do, and remember what was acknowledged."""

import http.client
import json
import random
import re
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.running.web_server import WebServer
from tests.soak import history

# What a writer does next, by weight.
ACTS = {"create": 3, "edit": 4, "attach": 2, "detach": 1}
DEMONSTRATION_PASSWORD = "hindsight-demo"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Acknowledged:
    """What the site said it has stored."""

    # Ref to the title in the newest revision, and each write as ref and number of its revision.
    titles: dict[str, str] = field(default_factory=dict)
    revisions: set[tuple[str, int]] = field(default_factory=set)
    # Identity of a file to what is in it.
    files: dict[str, str] = field(default_factory=dict)


class Unanswered(Exception):
    """The connection broke, or the site said that it cannot now: whether it was stored is unknown."""


class Writers:
    """Threads that write until they are told to stop, whatever happens to the site."""

    def __init__(self, server: WebServer, count: int, token: str, seed: str) -> None:
        self.server, self.token = server, token
        self.done = Acknowledged()
        self.unexpected: list[str] = []
        self.broken: Counter[str] = Counter()
        self._guard, self._is_over = threading.Lock(), threading.Event()
        self._cookies = sign_in(server.port, "alice")
        self._threads = [
            threading.Thread(target=self._write_on, args=(random.Random(f"{seed} {number}"),))
            for number in range(count)
        ]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def _write_on(self, source: random.Random) -> None:
        writer = Writer(self, source)
        while not self._is_over.is_set():
            try:
                writer.act()
            except Unanswered as error:
                with self._guard:
                    self.broken[str(error)] += 1
                time.sleep(0.1)
            except AssertionError as error:
                with self._guard:
                    self.unexpected.append(str(error))

    def ask(
        self, method: str, path: str, body: str, headers: dict[str, str]
    ) -> tuple[int, str, str]:
        """One request; returns status, `Location` and body. Raises Unanswered."""
        # Asked each time: a server that is started again has another port.
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(type(error).__name__) from error
        finally:
            connection.close()
        if answer.status == 503:
            raise Unanswered(str(answer.status))
        return answer.status, answer.getheader("Location") or "", text

    def send_form(self, path: str, fields: dict[str, str]) -> str:
        """A form of a page, which must answer with another address; returns that."""
        session, token = self._cookies
        cookie = f"sessionid={session}; csrftoken={token}"
        body = urlencode({"csrfmiddlewaretoken": token, **fields})
        status, location, text = self.ask(
            "POST", path, body, {"Cookie": cookie, "Content-Type": FORM}
        )
        assert status == 302, f"{path}: {status} {_said(text)}"
        return location

    def send_to_api(self, method: str, path: str, body: str = "", kind: str = FORM) -> dict:
        """A request of a tool, which must succeed; returns what it made."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        status, _location, text = self.ask(method, path, body, headers)
        assert status in (201, 204), f"{path}: {status} {text[:300]}"
        return json.loads(text) if text else {}

    def note(self, ref: str, title: str, number: int) -> None:
        """A revision was acknowledged."""
        with self._guard:
            self.done.titles[ref] = title
            self.done.revisions.add((ref, number))

    def note_file(self, identity: str, text: str) -> None:
        """A file was acknowledged."""
        with self._guard:
            self.done.files[identity] = text


@dataclass
class Mine:
    """A postmortem as its one writer knows it."""

    title: str
    revision: int = 1
    files: list[str] = field(default_factory=list)


class Writer:
    """One person with postmortems that nobody else changes."""

    def __init__(self, writers: Writers, source: random.Random) -> None:
        self.writers, self.source = writers, source
        self.mine: dict[str, Mine] = {}

    def act(self) -> None:
        """One write, of whatever kind comes next."""
        act = self.source.choices(list(ACTS), list(ACTS.values()))[0]
        if act == "create" or not self.mine:
            self._create()
            return
        ref = self.source.choice(sorted(self.mine))
        # Until it is acknowledged again nobody knows at which revision it is.
        known = self.mine.pop(ref)
        if act == "detach" and known.files:
            self.writers.send_to_api("DELETE", f"{_files_of(ref)}{known.files.pop()}/")
        elif act == "edit":
            self._edit(ref, known)
        else:
            self._attach(ref, known)
        known.revision += 1
        self._note(ref, known)

    def _create(self) -> None:
        known = Mine(self._word("n"))
        fields = {"key": uuid.uuid4().hex, "title": known.title, "do": "save"}
        location = self.writers.send_form("/p/new/", fields)
        found = re.match(r"/p/(\w{8})/", location)
        assert found, location
        self._note(found[1], known)

    def _edit(self, ref: str, known: Mine) -> None:
        known.title = f"{known.title.split()[0]} {self._word('v')}"
        # What a form does not have is what the writer took away: the files too.
        known.files = []
        fields = {"title": known.title, "revision": str(known.revision), "do": "save"}
        self.writers.send_form(f"/p/{ref}/edit/", fields | {"key": uuid.uuid4().hex})

    def _attach(self, ref: str, known: Mine) -> None:
        text, edge = self._word("f"), uuid.uuid4().hex
        body = (
            f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{text}.txt"\r\n'
            f"Content-Type: text/plain\r\n\r\n{text}\r\n--{edge}--\r\n"
        )
        kind = f"multipart/form-data; boundary={edge}"
        made = self.writers.send_to_api("POST", _files_of(ref), body, kind)
        known.files.append(made["id"])
        self.writers.note_file(made["id"], text)

    def _note(self, ref: str, known: Mine) -> None:
        self.mine[ref] = known
        self.writers.note(ref, known.title, known.revision)

    def _word(self, kind: str) -> str:
        return history.word(kind, self.source.getrandbits(32))


def _files_of(ref: str) -> str:
    return f"/api/v1/postmortems/{ref}/attachments/"


def sign_in(port: int, name: str) -> tuple[str, str]:
    """Session and CSRF token of an account, by the form."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/sign-in/")
    answer = connection.getresponse()
    token = _cookies(answer)["csrftoken"]
    answer.read()
    body = urlencode(
        {"username": name, "password": DEMONSTRATION_PASSWORD, "csrfmiddlewaretoken": token}
    )
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": FORM}
    connection.request("POST", "/sign-in/", body, headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    assert answer.status == 302, said[:2000]
    cookies = _cookies(answer)
    return cookies["sessionid"], cookies["csrftoken"]


def _cookies(answer: http.client.HTTPResponse) -> dict[str, str]:
    given = answer.headers.get_all("Set-Cookie") or []
    return dict(line.split(";")[0].split("=", 1) for line in given)


def _said(page: str) -> str:
    """The text of a page, for who reads why a form was refused."""
    text = re.sub(r"(?s)<(script|style|head).*?</\1>|<[^>]+>", " ", page)
    return re.sub(r"\s+", " ", text)[:600]
