"""Import ids become refs, whatever order the files come in."""

from postmortems import content
from postmortems.models import Postmortem, Relation
from tests.exchange.files import NOTHING, file, relating
from tests.makers import make_postmortem


def get(import_id):
    return Postmortem.objects.get(import_id=import_id)


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


def test_a_similar_import_id_is_found_in_the_team_too(bring_in):
    bring_in(file("pi-day-2023"))

    report = bring_in(relating("b", "pi-day-2032"))

    assert report.rows[0].problems[0].advice == "Did you mean pi-day-2023?"


def test_files_that_need_a_file_with_problems_are_left_out_too(bring_in):
    broken = file("c", "cause: [no/such]")

    report = bring_in(relating("a", "b"), relating("b", "c"), broken, file("d"))

    assert [row.outcome for row in report.rows] == ["problem", "problem", "problem", "new"]


def test_the_import_id_of_another_team_names_nothing(bring_in, payments):
    bring_in(file("a"), team=payments)

    assert bring_in(relating("b", "a")).counts == NOTHING | {"problem": 1}


def test_a_relation_to_what_went_to_the_bin_stays(bring_in):
    files = (relating("a", "b"), file("b"))
    bring_in(*files)
    Postmortem.objects.filter(import_id="b").update(deleted_at="2024-01-01T00:00Z")

    assert bring_in(files[0]).counts == NOTHING | {"same": 1}
