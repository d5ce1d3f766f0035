"""Files into the database: once, whole or not at all, with everything said about what is wrong."""

import pytest
from django.core.exceptions import PermissionDenied

from postmortems import authoring, content
from postmortems.exchange.importing import find_files, import_files
from postmortems.models import AuditEntry, Postmortem, Relation, Revision, SearchLog
from tests.makers import SEEDS, make_postmortem

NOTHING = {"new": 0, "changed": 0, "same": 0, "problem": 0}


def file(import_id, *lines, body="", title="Outage"):
    """A named file that can be published, with further lines of front matter."""
    text = "\n".join(
        [
            "---",
            "hindsight: 1",
            f"import_id: {import_id}",
            f"title: {title}",
            "kind: stub",
            *lines,
            "---",
            body,
        ]
    )
    return f"{import_id}.md", text.encode()


@pytest.fixture
def bring_in(system, platform):
    """Imports as the system user into the platform team."""

    def run(*files, by=system, team=platform, **options):
        return import_files(files, by=by, team=team, **options)

    return run


def get(import_id):
    return Postmortem.objects.get(import_id=import_id)


def relating(import_id, *targets):
    lines = [f"  - {{kind: same-defect, to: {target}}}" for target in targets]
    return file(import_id, "relations:", *lines)


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


def test_without_authors_the_importer_is_the_author(bring_in, alice):
    bring_in(file("a"), by=alice)

    assert list(get("a").authors.all()) == [alice]


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
    text = file("b", *slip)[1].replace(b"kind: stub", b"kind: outage")
    report = bring_in(file("a"), ("b.md", text), file("c"))

    (problem,) = report.rows[1].problems
    assert report.counts == NOTHING | {"new": 2, "problem": 1}
    assert (problem.line, problem.key) == (8, "cause")
    assert "only cause" in problem.message
    assert not Revision.objects.filter(postmortem__import_id="b").exists()


def test_a_change_that_is_refused_leaves_the_old_content(bring_in):
    bring_in(file("a", body="Old."))
    text = file("a", "status: published", body="New.")[1].replace(b"kind: stub", b"kind: outage")

    assert bring_in(("a.md", text)).counts == NOTHING | {"problem": 1}
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


def test_relations_find_their_targets_in_any_order(bring_in):
    bring_in(relating("a", "b", "c"), relating("b", "a"), file("c"))

    assert set(Relation.objects.values_list("postmortem__import_id", "target_ref")) == {
        ("a", get("b").ref),
        ("a", get("c").ref),
        ("b", get("a").ref),
    }


def test_a_relation_may_name_what_is_in_the_team_already_or_a_ref(bring_in, payments):
    bring_in(file("a"))
    other = make_postmortem(team=payments, visibility="public")

    report = bring_in(relating("b", "a", other.ref))

    assert report.counts == NOTHING | {"new": 1}
    assert [item.target for item in content.read(get("b")).relations] == [get("a").ref, other.ref]


def test_a_relation_to_what_is_not_there_is_a_problem(bring_in):
    report = bring_in(file("pi-day-2023"), relating("b", "pi-day-2032"))

    (problem,) = report.rows[1].problems
    assert (problem.line, problem.key) == (7, "relations.to")
    assert problem.advice == "Did you mean pi-day-2023?"


def test_files_that_need_a_file_with_problems_are_left_out_too(bring_in):
    broken = file("c", "cause: [no/such]")

    report = bring_in(relating("a", "b"), relating("b", "c"), broken, file("d"))

    assert [row.outcome for row in report.rows] == ["problem", "problem", "problem", "new"]


def test_the_import_id_of_another_team_names_nothing(bring_in, payments):
    bring_in(file("a"), team=payments)

    assert bring_in(relating("b", "a")).counts == NOTHING | {"problem": 1}


def test_a_file_may_name_its_team(bring_in, payments):
    report = bring_in(file("a", "team: payments"), file("b", "team: paymnts"))

    assert get("a").team == payments
    assert report.rows[1].problems[0].advice == "Did you mean payments?"


def test_unknown_people_are_a_problem(bring_in):
    report = bring_in(file("a", "authors: [nobody]"))

    assert (report.rows[0].problems[0].line, report.rows[0].problems[0].key) == (6, "authors")


def test_who_may_not_write_in_the_team_imports_nothing(bring_in, charlie):
    with pytest.raises(PermissionDenied, match="Platform"):
        bring_in(file("a"), by=charlie)


def test_who_may_not_write_in_the_team_of_a_file_is_told(bring_in, charlie, payments, platform):
    report = bring_in(file("a", "team: platform"), file("b"), by=charlie, team=payments)

    assert [row.outcome for row in report.rows] == ["problem", "new"]


def test_an_author_cannot_publish_by_import(bring_in, alice):
    report = bring_in(file("a", "status: published"), file("b"), by=alice)

    assert [row.outcome for row in report.rows] == ["problem", "new"]
    assert not Postmortem.objects.filter(import_id="a").exists()


def test_a_reviewer_publishes_the_files_of_others(bring_in, alice, bob):
    report = bring_in(file("a", "status: published", "authors: [alice]"), by=bob)

    assert report.counts == NOTHING | {"new": 1}
    assert get("a").status == "published"


def test_what_the_importer_may_not_see_is_neither_changed_nor_shown(bring_in, alice):
    bring_in(file("a", "visibility: restricted", title="Secret plan"))

    for title in ("Secret plan", "Guess"):
        report = bring_in(file("a", title=title), by=alice)
        assert report.counts == NOTHING | {"problem": 1}
        assert "Secret" not in str(report.rows[0].problems)
    assert bring_in(relating("b", "a"), by=alice).counts == NOTHING | {"problem": 1}


def test_what_is_in_the_bin_is_not_imported_over(bring_in):
    bring_in(file("a"))
    Postmortem.objects.update(deleted_at="2024-01-01T00:00Z")

    report = bring_in(file("a"))

    assert "in the bin" in report.rows[0].problems[0].message


def test_a_relation_to_what_went_to_the_bin_stays(bring_in):
    files = (relating("a", "b"), file("b"))
    bring_in(*files)
    Postmortem.objects.filter(import_id="b").update(deleted_at="2024-01-01T00:00Z")

    assert bring_in(files[0]).counts == NOTHING | {"same": 1}


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
