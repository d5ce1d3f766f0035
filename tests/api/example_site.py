"""A site with the incidents that come with the product, asked one thing after the other; what examples are made of."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from postmortems import document_json
from postmortems.management import preparation
from postmortems.models import Following, Postmortem, ReadingList, User
from taxonomy.models import Term
from tests.api.asking import send
from tests.seed_documents import seed

BASE = "/api/v1/"
NAME = "reddit-pi-day-2023"
DEFECT = "juju-duplicate-instances-config-loss"
# What publishing asks for.
NEEDED = ("kind", "cause", "severity")
CAUSE = "network/cni-routing"
CARDS = (
    *("findings", "matrix", "trends", "over-represented", "together"),
    *("times", "gaps"),
)
MOST_TEXT, MOST_ITEMS = 160, 1
AT = "2023-03-15T09:00:00+00:00"
REFS = "0123456789abcdefghjkmnpqrstvwxyz"
NUMBERS = re.compile(r"(/(?:terms|comments)/)\d+/")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(\+00:00|Z)")


@dataclass
class Site:
    """Who asks, and what stands for what is another on each site."""

    clients: dict[str, Client]
    fixed: dict[str, str] = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, body: Any = None) -> Any:
        """The answer to a request; a change is made over the version that is there."""
        tag = self._tag(who, path) if method != "GET" else ""
        headers = {"if_match": tag} if tag else {}
        answer = send(self.clients[who], method, f"{BASE}{path}", body, **headers)
        assert answer.status_code < 300, (path, answer.content)
        return answer

    def _tag(self, who: str, path: str) -> str:
        found = re.match(r"(postmortems|terms)/\w+/|reading-lists/\w+/order/", path)
        return self.clients[who].get(f"{BASE}{found.group()}").get("ETag", "") if found else ""

    def plain(self, value: Any, name: str = "") -> Any:
        """A value without what differs from site to site, its lists and texts short."""
        if isinstance(value, dict):
            most = 2 if name in ("sections", "terms", "names") else len(value)
            return {key: self.plain(item, key) for key, item in list(value.items())[:most]}
        if isinstance(value, list):
            return [self.plain(item) for item in value[:MOST_ITEMS]]
        if isinstance(value, str):
            return self._text(value, name)
        if name == "id" and isinstance(value, int):
            return 1
        return value

    def _text(self, value: str, name: str) -> str:
        if name in ("ref", "import_id") and re.fullmatch(r"[0-9a-z]{8}", value):
            self.fixed.setdefault(value, _ref(len(self.fixed)))
        if name in ("secret", "prefix"):
            return "hs_" + "x" * (len(value) - 3)
        if name == "as_of":
            return "1"
        for real, stands_for in self.fixed.items():
            value = value.replace(real, stands_for)
        value = NUMBERS.sub(r"\g<1>1/", TIMES.sub(AT, value))
        return value if len(value) <= MOST_TEXT or "/" in value[:9] else value[:MOST_TEXT] + "…"


def _ref(number: int) -> str:
    return "p1day" + "".join(REFS[number // 32**place % 32] for place in (2, 1, 0))


def make_site() -> Site:
    """The demonstration as it is first started."""
    preparation.load_body_templates()
    preparation.make_demonstration_accounts()
    preparation.import_seeds()
    site = Site({"visitor": Client()})
    for user in User.objects.filter(username__in=("alice", "bob", "dana")):
        site.clients[user.username] = Client()
        site.clients[user.username].force_login(user)
    for ref in Postmortem.objects.order_by("import_id").values_list("ref", flat=True):
        site.fixed[ref] = _ref(len(site.fixed))
    return site


def examples(site: Site) -> Iterator[tuple[str, Any, Any]]:
    """Each operation with what was sent and the answer."""
    for group in (_read, _write, _review, _look_up, _list_up, _bring_in, _curate):
        for operation, who, method, path, body in group(site):
            yield operation, body, site.ask(who, method, path, body)


def _read(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    document = seed(NAME)
    one = f"postmortems/{Postmortem.objects.get(import_id=NAME).ref}/"
    entry, action = document.timeline[0].id, document.actions[0].id
    asked = {
        "get_postmortem": one,
        "list_postmortems": "postmortems/?q=calico&facets=1",
        "search_postmortems": "search/?q=calico",
        "suggest": "suggest/?q=cause:net&at=9",
        "similar_to_postmortem": f"{one}similar/",
        "get_known_problem": f"postmortems/{Postmortem.objects.get(import_id=DEFECT).ref}/known/",
        "list_timeline": f"{one}timeline/",
        "get_timeline_entry": f"{one}timeline/{entry}/",
        "list_postmortem_actions": f"{one}actions/",
        "get_action": f"{one}actions/{action}/",
        "list_actions": "actions/?status=open",
        "list_lessons": "lessons/?q=calico",
        **{f"patterns_{card.replace('-', '_')}": f"patterns/{card}/" for card in CARDS},
        "list_revisions": f"{one}revisions/",
        "get_revision": f"{one}revisions/1/",
        "list_attachments": f"{one}attachments/",
        "get_review": f"{one}reviews/",
        "read_export": "exports/?q=calico&format=json",
        "read_me": "me/",
        "list_teams": "teams/",
        "read_team": "teams/platform/",
        "list_members": "teams/platform/members/",
        "read_member": "teams/platform/members/alice/",
    }
    for operation, path in asked.items():
        yield operation, "alice", "GET", path, None
    about = {"text": document.signals[0].text}
    yield "similar_to_text", "visitor", "POST", "similar/", about
    yield "preview", "alice", "POST", "preview/", {"text": f"`{document.signals[0].text}`"}


def _write(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    content = document_json.to_json(seed(NAME))
    kept = ("title", "language", "started", "resolved", "duration")
    new = {
        **{name: content[name] for name in kept},
        "classifications": [
            item for item in content["classifications"] if item["vocabulary"] in NEEDED
        ],
    }
    yield "create_postmortem", "alice", "POST", "postmortems/", new
    one = f"postmortems/{Postmortem.objects.latest('pk').ref}/"
    entry, action = content["timeline"][0], content["actions"][0]
    entry = {name: entry[name] for name in ("id", "kind", "text")}
    yield "add_timeline_entry", "alice", "POST", f"{one}timeline/", entry
    worded = {"text": content["timeline"][1]["text"]}
    yield "patch_timeline_entry", "alice", "PATCH", f"{one}timeline/{entry['id']}/", worded
    yield "add_action", "alice", "POST", f"{one}actions/", action
    yield "patch_action", "alice", "PATCH", f"{one}actions/{action['id']}/", {"status": "done"}
    marked = [{"ref": one.split("/")[1], "id": action["id"]}]
    yield (
        "set_status_of_actions",
        "alice",
        "POST",
        "actions/status/",
        {
            "actions": marked,
            "status": "open",
        },
    )
    yield "confirm_actions", "alice", "POST", "actions/confirm/", {"actions": marked}
    summary = {"summary": content["summary"][:MOST_TEXT]}
    yield "patch_postmortem", "alice", "PATCH", one, summary
    yield "compare_revisions", "alice", "GET", f"{one}revisions/1..3/", None
    back = {"revision": 1, "comment": "As it was."}
    yield "restore_revision", "alice", "POST", f"{one}restore-revision/", back
    yield "replace_postmortem", "alice", "PUT", one, {**content, "relations": []}
    other = Postmortem.objects.get(import_id=NAME).ref
    pair = f"{one}similar/{other}/"
    yield "dismiss_similar", "alice", "PUT", f"{pair}dismissal/", None
    yield "confirm_same_defect", "alice", "PUT", f"{pair}same-defect/", None
    yield "duplicate_postmortem", "alice", "POST", f"{one}duplicate/", {"team": "platform"}


def _list_up(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    one, new = Postmortem.objects.get(import_id=NAME).ref, {"name": "New on call: networking"}
    yield "create_reading_list", "alice", "POST", "reading-lists/", new
    made = f"reading-lists/{ReadingList.objects.latest('pk').ref}/"
    item = {"postmortem": one, "why": "How an upgrade can take the routes away."}
    yield "add_reading_list_item", "alice", "POST", f"{made}items/", item
    yield "change_reading_list_item", "alice", "PATCH", f"{made}items/{one}/", {"why": item["why"]}
    yield "read_reading_list_item", "alice", "GET", f"{made}items/{one}/", None
    yield "list_reading_list_items", "alice", "GET", f"{made}items/", None
    yield "read_reading_list_order", "alice", "GET", f"{made}order/", None
    order = {"postmortems": [one]}
    yield "change_reading_list_order", "alice", "PUT", f"{made}order/", order
    about = {"description": "For your first week."}
    yield "change_reading_list", "alice", "PATCH", made, about
    yield "read_reading_list", "alice", "GET", made, None
    yield "list_reading_lists", "alice", "GET", "reading-lists/", None


def _review(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    first = Postmortem.objects.filter(import_id="", status="draft").earliest("pk")
    one, lesson = f"postmortems/{first.ref}/", seed(NAME).lessons[0].text
    talk = f"{one}reviews/comments/"
    yield "submit_postmortem", "alice", "POST", f"{one}submit/", {"reviewers": ["bob"]}
    yield "name_reviewers", "alice", "PUT", f"{one}reviews/", {"reviewers": ["bob"]}
    yield "add_comment", "bob", "POST", talk, {"text": lesson, "anchor": "summary"}
    number = site.clients["bob"].get(BASE + talk).json()["results"][0]["id"]
    yield "reply_to_comment", "alice", "POST", f"{talk}{number}/replies/", {"text": lesson}
    yield "edit_comment", "bob", "PATCH", f"{talk}{number}/", {"text": lesson}
    yield "settle_comment", "alice", "POST", f"{talk}{number}/settle/", None
    yield "reopen_comment", "alice", "POST", f"{talk}{number}/reopen/", None
    yield "get_comment", "bob", "GET", f"{talk}{number}/", None
    yield "list_comments", "bob", "GET", talk, None
    yield "withdraw_postmortem", "alice", "POST", f"{one}withdraw/", None
    yield "submit_postmortem", "alice", "POST", f"{one}submit/", {"reviewers": ["bob"]}
    yield "request_changes", "bob", "POST", f"{one}request-changes/", {"comment": lesson}
    yield "submit_postmortem", "alice", "POST", f"{one}submit/", {"reviewers": ["bob"]}
    yield "approve_postmortem", "bob", "POST", f"{one}approve/", {"comment": "Well told."}
    for verb in ("publish", "archive", "unarchive"):
        yield f"{verb}_postmortem", "dana", "POST", f"{one}{verb}/", None


def _look_up(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    term = Term.objects.get(vocabulary__slug="cause", path=CAUSE)
    yield "list_vocabularies", "visitor", "GET", "vocabularies/", None
    yield "read_vocabulary", "visitor", "GET", "vocabularies/cause/", None
    yield "list_terms", "visitor", "GET", f"terms/?vocabulary=cause&q={CAUSE}", None
    yield "read_term", "visitor", "GET", f"terms/{term.pk}/", None
    new = {"name": "Calico", "query": f"q=calico&cause={CAUSE}"}
    yield "create_saved_search", "alice", "POST", "saved-searches/", new
    ref = site.clients["alice"].get(f"{BASE}saved-searches/").json()["results"][0]["ref"]
    yield "list_saved_searches", "alice", "GET", "saved-searches/", None
    yield "read_saved_search", "alice", "GET", f"saved-searches/{ref}/", None
    renamed = {"name": "Routes lost"}
    yield "change_saved_search", "alice", "PATCH", f"saved-searches/{ref}/", renamed
    yield "read_term_record", "visitor", "GET", f"terms/{term.pk}/record/", None
    yield "follow_term", "alice", "POST", f"terms/{term.pk}/follow/", None
    yield "follow_saved_search", "alice", "POST", f"saved-searches/{ref}/follow/", None
    yield "list_following", "alice", "GET", "following/", None
    followed = f"following/{Following.objects.earliest('pk').pk}/"
    yield "read_following", "alice", "GET", followed, None
    yield "stop_following", "alice", "DELETE", followed, None


def _bring_in(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    content = document_json.to_json(seed(NAME))
    names = ("title", "started", "resolved", "classifications")
    record = {"import_id": "pi-day-once-more", **{name: content[name] for name in names}}
    record["classifications"] = record["classifications"][:1]
    yield "create_import", "alice", "POST", "imports/?dry_run=1", record
    yield "create_import", "alice", "POST", "imports/", record
    ref = site.clients["alice"].get(f"{BASE}imports/").json()["results"][0]["ref"]
    yield "list_imports", "alice", "GET", "imports/", None
    yield "read_import", "alice", "GET", f"imports/{ref}/", None
    yield "undo_import", "alice", "POST", f"imports/{ref}/undo/", None


def _curate(site: Site) -> Iterator[tuple[str, str, str, str, Any]]:
    term = Term.objects.get(vocabulary__slug="cause", path=CAUSE)
    like = {
        "vocabulary": "cause",
        "parent": "network",
        "names": {"en": f"{term.names['en']} again"},
    }
    yield "create_term", "dana", "POST", "terms/", {**like, "slug": "routes-lost"}
    made = Term.objects.latest("pk")
    one = f"terms/{made.pk}/"
    yield "change_term", "dana", "PATCH", one, {"aliases": ["route reflector"]}
    yield "retire_term", "dana", "POST", f"{one}retire/", None
    yield "restore_term", "dana", "POST", f"{one}restore/", None
    yield "merge_term", "dana", "POST", f"{one}merge/", {"target": CAUSE}
    yield "create_team", "dana", "POST", "teams/", {"slug": "networking", "name": "Networking"}
    yield "change_team", "dana", "PATCH", "teams/networking/", {"name": "Network"}
    member = "teams/networking/members/bob/"
    yield "set_member", "dana", "PUT", member, {"role": "reviewer"}


def collected() -> dict[str, dict[str, Any]]:
    """The examples by operation: what was sent, and each answer by its code."""
    site = make_site()
    found: dict[str, dict[str, Any]] = {}
    for operation, body, answer in examples(site):
        example = found.setdefault(operation, {"responses": {}})
        if body is not None:
            example.setdefault("request", site.plain(body))
        content = answer.getvalue() if answer.streaming else answer.content
        plain = site.plain(json.loads(content)) if content else None
        if content and not isinstance(plain, str):
            example["responses"].setdefault(str(answer.status_code), plain)
    return found
