"""/api/v1/vocabularies/ and /api/v1/terms/: read by everybody, changed by curators who say what they have read."""

import pytest

from postmortems import curation
from postmortems.models import Postmortem
from taxonomy import lookup
from taxonomy.models import Term, Vocabulary
from tests import makers
from tests.api.tool import Tool, pointers, status

VOCABULARIES, TERMS = "/api/v1/vocabularies/", "/api/v1/terms/"
VENDOR = {"slug": "vendor", "names": {"en": "Vendor"}}


@pytest.fixture
def tool(dana):
    return Tool(dana)


def term(path: str, vocabulary: str = "cause") -> Term:
    return Term.objects.get(vocabulary__slug=vocabulary, path=path)


def one(path: str) -> str:
    return f"{TERMS}{term(path).pk}/"


def tag_of(tool, address) -> str:
    return tool.get(address)["ETag"]


def test_vocabularies_are_listed_in_display_order(db):
    body = Tool().get(VOCABULARIES).json()

    assert [item["slug"] for item in body["results"]] == list(
        Vocabulary.objects.order_by("position", "slug").values_list("slug", flat=True)
    )
    assert "terms" not in body["results"][0]


def test_one_vocabulary_has_all_its_terms_parents_first(db):
    body = Tool().get(f"{VOCABULARIES}cause/").json()

    paths = [item["path"] for item in body["terms"]]
    assert sorted(paths) == sorted(
        term.path for term in Term.objects.filter(vocabulary__slug="cause")
    )
    assert paths.index("network") < paths.index("network/dns")
    assert (body["slug"], body["kind"], body["roles"]) == (
        "cause",
        "tree",
        ["primary", "contributing"],
    )


def test_a_term_is_told_with_all_that_is_known_of_it(dana):
    named = {"names": {"en": "Kubernetes", "zh-hans": "集群"}, "aliases": ["k8s"]}
    below = term("network")
    made = curation.add_term(below.vocabulary, by=dana, parent=below, **named)

    body = Tool().get(f"{TERMS}{made.pk}/").json()

    assert body == {
        "id": made.pk,
        "vocabulary": "cause",
        "slug": "kubernetes",
        "path": "network/kubernetes",
        "parent": "network",
        "names": {"en": "Kubernetes", "zh-hans": "集群"},
        "aliases": ["k8s"],
        "definitions": {},
        "symbol": "",
        "rank": None,
        "retired": False,
        "merged_into": None,
        "url": "/taxonomy/cause/network/kubernetes/",
        "as_of": str(curation.mark()),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("vocabulary=tier", ["nonprod", "oopsie", "prod"]),
        ("vocabulary=tier&q=PROD", ["nonprod", "prod"]),
        ("vocabulary=nothing", []),
        ("vocabulary=tier&retired=true", []),
        ("vocabulary=tier&retired=false&q=oops", ["oopsie"]),
    ],
)
def test_terms_are_narrowed_by_what_the_address_says(db, query, found):
    body = Tool().get(f"{TERMS}?{query}").json()

    assert [item["path"] for item in body["results"]] == found
    assert body["count"] == len(found)


def test_terms_are_found_by_chinese_names_and_by_their_parent(tool, dana):
    curation.change_term(term("network/dns"), by=dana, names={"en": "DNS", "zh-hans": "域名解析"})

    named = tool.get(f"{TERMS}?vocabulary=cause&q=域名").json()["results"]
    below = tool.get(f"{TERMS}?vocabulary=cause&parent=network").json()["results"]

    assert [item["path"] for item in named] == ["network/dns"]
    assert {item["parent"] for item in below} == {"network"}


@pytest.mark.parametrize("query", ["retired=perhaps", "page=0", f"q={'x' * 201}", "vocabulary=%00"])
def test_a_parameter_that_cannot_be_read_is_refused(db, query):
    assert pointers(Tool().get(f"{TERMS}?{query}")) == [f"/{query.split('=')[0]}"]


@pytest.mark.parametrize(
    "address", ["terms/0/", "terms/x/", "terms/99999999999999999999/", "vocabularies/Nothing/"]
)
def test_what_is_not_there_is_absent(tool, address):
    assert status(tool.get(f"/api/v1/{address}")) == 404


def test_a_vocabulary_is_added_and_changed(tool):
    made = tool.post(VOCABULARIES, VENDOR | {"kind": "flat", "many": True})
    address = f"{VOCABULARIES}vendor/"
    assert (made.status_code, made["Location"]) == (201, address)

    changed = tool.patch(address, {"facet": "open", "help": {"en": "Who"}}, If_Match=made["ETag"])

    assert changed.status_code == 200
    assert changed.json() == tool.get(address).json()
    assert (changed.json()["facet"], changed.json()["many"]) == ("open", True)


def test_what_is_read_of_a_vocabulary_can_be_sent_back(tool):
    address = f"{VOCABULARIES}cause/"
    before = tool.get(address)

    answer = tool.patch(address, before.json(), If_Match=before["ETag"])

    assert answer.status_code == 200
    assert answer.json()["terms"] != []


def test_a_term_is_added_changed_and_moved(tool):
    made = tool.post(TERMS, {"vocabulary": "cause", "parent": "network", "names": {"en": "Walrus"}})
    address = made["Location"]
    assert (made.status_code, made.json()["path"]) == (201, "network/walrus")

    wanted = {"names": {"en": "Otter"}, "aliases": ["seal"], "parent": None, "slug": "otter"}
    changed = tool.patch(address, wanted, If_Match=made["ETag"])

    assert changed.status_code == 200
    assert (changed.json()["path"], changed.json()["names"]) == ("otter", {"en": "Otter"})
    assert lookup.current().get("cause", "network/walrus").path == "otter"


def test_what_is_read_of_a_term_can_be_sent_back(tool):
    before = tool.get(one("network/dns"))

    answer = tool.patch(one("network/dns"), before.json(), If_Match=before["ETag"])

    assert answer.json() | {"as_of": ""} == before.json() | {"as_of": ""}


def test_a_term_is_retired_and_restored(tool):
    address = one("network/dns")

    retired = tool.post(f"{address}retire/", If_Match=tag_of(tool, address))
    restored = tool.post(f"{address}restore/", If_Match=retired["ETag"])

    assert (retired.json()["retired"], restored.json()["retired"]) == (True, False)


def test_a_term_is_merged_into_another_with_all_that_has_it(tool):
    made = makers.make_postmortem(makers.make_document(terms=("cause.primary:network/dns",)))
    address = one("network/dns")

    answer = tool.post(f"{address}merge/", {"target": "time"}, If_Match=tag_of(tool, address))

    assert (answer.status_code, answer.json()["path"]) == (200, "time")
    assert tool.get(address).json()["merged_into"] == "time"
    rows = Postmortem.objects.get(pk=made.pk).classifications.values_list("term__path", flat=True)
    assert "time" in rows


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"names": {"fr": "Marmotte"}}, "/names"),
        ({"names": {}}, "/names"),
        ({"names": {"en": 7}}, "/names/en"),
        ({"names": {"en": "x" * 121}}, "/names/en"),
        ({"aliases": "k8s"}, "/aliases"),
        ({"aliases": [None]}, "/aliases/0"),
        ({"rank": 3}, "/rank"),
        ({"rank": True}, "/rank"),
        ({"parent": "nothing"}, "/parent"),
        ({"parent": "network/dns"}, "/parent"),
        ({"slug": "Not a slug"}, "/slug"),
        ({"retries": 1}, "/retries"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(tool, change, pointer):
    address = one("network/dns")

    assert pointers(tool.patch(address, change, If_Match=tag_of(tool, address))) == [pointer]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"slug": "cause"}, "/slug"),
        ({"slug": "page"}, "/slug"),
        ({"names": None}, "/names"),
        ({"kind": "graph"}, "/kind"),
        ({"roles": ["main"]}, "/roles/0"),
        ({"many": "true"}, "/many"),
        ({"facet_values": 0}, "/facet_values"),
    ],
)
def test_a_vocabulary_that_cannot_be_is_refused_at_its_field(tool, change, pointer):
    assert pointers(tool.post(VOCABULARIES, VENDOR | change)) == [pointer]


def test_a_change_that_names_no_version_is_refused(tool):
    address = one("network/dns")

    assert status(tool.patch(address, {"symbol": "x"})) == 428
    assert status(tool.post(f"{address}retire/")) == 428
    assert status(tool.patch(f"{VOCABULARIES}cause/", {"facet": "open"}, If_Match="*")) == 428


def test_a_change_of_what_one_has_not_read_is_refused_with_the_current_tag(tool, dana):
    address = one("network/dns")
    former = tag_of(tool, address)
    curation.retire_term(term("time"), by=dana)

    answer = tool.patch(address, {"symbol": "x"}, If_Match=former)

    assert status(answer) == 412
    assert answer["ETag"] == tag_of(tool, address) != former
    assert term("network/dns").symbol == ""


def test_only_curators_change_vocabularies(alice, bob, dana):
    Tool(dana)
    for caller, expected in ((Tool(), 401), (Tool(alice), 403), (Tool(dana, "write"), 403)):
        assert status(caller.post(VOCABULARIES, VENDOR)) == expected
        assert status(caller.post(TERMS, {})) == expected
        assert status(caller.patch(one("network/dns"), {})) == expected
        assert status(caller.post(f"{one('network/dns')}merge/", {})) == expected


def test_a_curator_who_administers_nothing_changes_them_too(db):
    mira = makers.make_user("mira", is_curator=True)

    assert Tool(mira).post(VOCABULARIES, VENDOR).status_code == 201


def test_a_repeated_merge_answers_as_the_first_did(tool):
    address = one("network/dns")
    sent = {"Idempotency_Key": "once", "If_Match": tag_of(tool, address)}

    first = tool.post(f"{address}merge/", {"target": "time"}, **sent)
    again = tool.post(f"{address}merge/", {"target": "time"}, **sent)

    assert (again.status_code, again.json()) == (200, first.json())
    assert (again["ETag"], again["Idempotency-Replayed"]) == (first["ETag"], "true")
