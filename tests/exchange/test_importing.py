"""Files into the database: once, whole or not at all, with everything said about what is wrong."""

import pytest

from postmortems import authoring, content
from postmortems.exchange.importing import find_files
from postmortems.models import AuditEntry, Postmortem, Revision, SearchLog
from tests.exchange.files import NOTHING, file, relating
from tests.makers import SEEDS


def get(import_id):
    return Postmortem.objects.get(import_id=import_id)


def test_a_file_becomes_a_postmortem(bring_in, alice, system, platform):
    report = bring_in(file("pi-day", "authors: [alice]", "visibility: internal", body="All down."))

    postmortem = get("pi-day")
    assert report.counts == NOTHING | {"new": 1}
    assert report.rows[0].ref == postmortem.ref
    assert (postmortem.team, postmortem.slug) == (platform, "pi-day")
    assert (postmortem.status, postmortem.visibility) == ("draft", "internal")
    assert list(postmortem.authors.all()) == [alice]
    assert content.read(postmortem).summary == "All down."
    assert Revision.objects.get().comment == "Imported from pi-day.md"


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("draft", "draft"),
        ("in_review", "draft"),
        ("published", "published"),
        ("archived", "archived"),
    ],
)
def test_the_status_is_the_one_of_the_file(bring_in, said, stored):
    bring_in(file("a", f"status: {said}"))

    assert get("a").status == stored


def test_the_seeds_go_in_and_a_second_run_changes_nothing(bring_in):
    seeds = find_files([SEEDS])

    first = bring_in(*seeds)
    counts = (Revision.objects.count(), AuditEntry.objects.count(), SearchLog.objects.count())
    second = bring_in(*seeds)

    assert first.counts == NOTHING | {"new": len(seeds)}
    assert second.counts == NOTHING | {"same": len(seeds)}
    assert [row.ref for row in second.rows] == [row.ref for row in first.rows]
    assert counts == (
        Revision.objects.count(),
        AuditEntry.objects.count(),
        SearchLog.objects.count(),
    )


def test_new_content_is_a_new_revision_of_the_same_postmortem(bring_in):
    first = bring_in(file("a", body="Old."))
    second = bring_in(file("a", body="New."))

    assert second.counts == NOTHING | {"changed": 1}
    assert second.rows[0].ref == first.rows[0].ref
    assert content.read(get("a")).summary == "New."
    assert Revision.objects.count() == 2


CHANGES = [
    ("visibility: public", "visibility", "public"),
    ("slug: other", "slug", "other"),
    ("status: published", "status", "published"),
    ("status: archived", "status", "archived"),
]


@pytest.mark.parametrize(("line", "name", "value"), CHANGES)
def test_the_envelope_follows_the_file(bring_in, line, name, value):
    bring_in(file("a"))
    report = bring_in(file("a", line))

    assert report.counts == NOTHING | {"changed": 1}
    assert getattr(get("a"), name) == value
    assert bring_in(file("a", line)).counts == NOTHING | {"same": 1}


def test_people_follow_the_file(bring_in, alice, bob):
    bring_in(file("a", "visibility: restricted", "authors: [alice]", "named: [bob]"))
    bring_in(file("a", "authors: [bob]", "named: []"))

    assert list(get("a").authors.all()) == [bob]
    assert list(get("a").named_people.all()) == []


def test_what_a_file_does_not_say_stays(bring_in, alice):
    bring_in(file("a", "status: published", "visibility: public", "authors: [alice]"))

    assert bring_in(file("a")).counts == NOTHING | {"same": 1}
    assert (get("a").status, get("a").visibility) == ("published", "public")


def test_a_published_postmortem_can_be_taken_back(bring_in):
    bring_in(file("a", "status: published"))
    bring_in(file("a", "status: draft"))

    assert get("a").status == "draft"


def test_a_review_goes_on_when_the_file_says_draft(bring_in, system, platform):
    bring_in(file("a"))
    authoring.change_envelope(get("a"), by=system, status="in_review")

    assert bring_in(file("a", "status: draft")).counts == NOTHING | {"same": 1}
    assert get("a").status == "in_review"


def test_a_dry_run_reports_the_same_and_keeps_nothing(bring_in):
    files = [
        file("a"),
        relating("b", "a"),
        file("c", "cause: [no/such]"),
        file("d", "status: published", "kind: outage"),
    ]

    dry = bring_in(*files, dry_run=True)
    assert not Postmortem.objects.exists()
    assert not Revision.objects.exists()
    assert not SearchLog.objects.exists()
    wet = bring_in(*files)

    assert [(row.file, row.outcome, row.problems) for row in dry.rows] == [
        (row.file, row.outcome, row.problems) for row in wet.rows
    ]


def test_a_dry_run_over_what_is_there_changes_nothing(bring_in):
    bring_in(file("a", body="Old."))

    report = bring_in(file("a", "status: published", body="New."), dry_run=True)

    assert report.counts == NOTHING | {"changed": 1}
    assert content.read(get("a")).summary == "Old."
    assert get("a").status == "draft"


def test_a_file_with_a_problem_is_left_out_and_the_rest_goes_in(bring_in):
    report = bring_in(file("a"), file("b", "started: yesterday"), ("c.md", b"\xff"), file("d"))

    assert report.counts == NOTHING | {"new": 2, "problem": 2}
    assert set(Postmortem.objects.values_list("import_id", flat=True)) == {"a", "d"}


def test_what_the_verbs_refuse_is_not_half_written(bring_in):
    slip = ["status: published", "severity: sev1", "cause: process/operator-slip"]
    bad = file("b", *slip, kind="outage")
    report = bring_in(file("a"), bad, file("c"))

    (problem,) = report.rows[1].problems
    assert report.counts == NOTHING | {"new": 2, "problem": 1}
    assert (problem.line, problem.key) == (8, "cause")
    assert "only cause" in problem.message
    assert not Revision.objects.filter(postmortem__import_id="b").exists()


def test_a_change_that_is_refused_leaves_the_old_content(bring_in):
    bring_in(file("a", body="Old."))
    bad = file("a", "status: published", body="New.", kind="outage")

    assert bring_in(bad).counts == NOTHING | {"problem": 1}
    assert content.read(get("a")).summary == "Old."
    assert Revision.objects.count() == 1


def test_an_unknown_term_is_told_with_those_that_are_near(bring_in):
    report = bring_in(file("a", "component:", "  - kubernets", "cause: [k8s-is-hard]"))

    first, second = report.rows[0].problems
    assert (first.line, first.key) == (7, "component")
    assert first.message == "The vocabulary “component” has no term “kubernets”."
    assert first.advice == "Did you mean kubernetes, kubelet?"
    assert (second.line, second.key, second.advice) == (8, "cause", "")


def test_an_alias_is_answered_with_the_path(bring_in):
    report = bring_in(file("a", "component: k8s"))

    assert report.rows[0].problems[0].advice == "Did you mean kubernetes?"


def test_terms_are_checked_though_the_file_has_other_problems(bring_in):
    report = bring_in(file("a", "started: yesterday", "cause: [no/such]"))

    assert [problem.key for problem in report.rows[0].problems] == ["started", "cause"]


def test_two_files_with_one_import_id_are_told_of_each_other(bring_in):
    report = bring_in(("one.md", file("a")[1]), ("two.md", file("a")[1]))

    assert [row.outcome for row in report.rows] == ["new", "problem"]
    assert "one.md" in report.rows[1].problems[0].message
    assert "two.md" in report.rows[1].problems[0].message


def test_the_same_file_twice_is_a_problem_too(bring_in):
    assert bring_in(file("a"), file("a")).counts == NOTHING | {"new": 1, "problem": 1}


def test_a_file_without_import_id_is_told_what_to_write(bring_in):
    report = bring_in(("my-day.md", b"---\nhindsight: 1\ntitle: X\n---\n"))

    assert "import_id: my-day" in report.rows[0].problems[0].advice


def test_what_is_in_the_bin_is_not_imported_over(bring_in):
    bring_in(file("a"))
    Postmortem.objects.update(deleted_at="2024-01-01T00:00Z")

    report = bring_in(file("a"))

    assert "in the bin" in report.rows[0].problems[0].message


def test_more_files_than_a_transaction_takes(bring_in, hooks_after_commit):
    told = []
    files = [file(f"n{number}") for number in range(201)]

    report = bring_in(*files, on_progress=lambda done, total: told.append((done, total)))

    assert report.counts == NOTHING | {"new": 201}
    assert [done for done, _total in told[-3:]] == [301, 401, 402]
    assert {total for _done, total in told} == {402}


def test_a_path_that_cannot_be_read_is_a_row(bring_in, tmp_path):
    report = bring_in(tmp_path / "missing.md", file("a"))

    assert [row.outcome for row in report.rows] == ["problem", "new"]
    assert "cannot be read" in report.rows[0].problems[0].message


def test_folders_are_searched_to_the_bottom(tmp_path):
    (tmp_path / "deep").mkdir()
    for name in ("b.md", "deep/a.md", "notes.txt"):
        (tmp_path / name).write_text("")

    assert find_files([tmp_path, tmp_path / "b.md"]) == [
        tmp_path / "b.md",
        tmp_path / "deep" / "a.md",
    ]
