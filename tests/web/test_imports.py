"""The import pages: a preview first, then a report; nobody sees another's, and it can be taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from postmortems.models import Import, Postmortem, WaitingImport
from tests.exchange.files import file
from tests.makers import make_team


def chosen(*files, **more):
    """The form with these files."""
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    return {"team": "platform", "file": sent, **more}


def waiting_in(page) -> str:
    """The id that the preview's button carries."""
    return re.search(r'name="waiting" value="([0-9a-z]+)"', page.text)[1]


@pytest.fixture
def reported(browse, alice):
    """An import of alice."""
    client = browse(alice)
    page = client.post("/import/", chosen(file("a"), file("b")))
    client.post("/import/confirm/", {"waiting": waiting_in(page)})
    return Import.objects.get()


def test_a_preview_says_what_each_file_does_and_stores_nothing(browse, alice):
    page = browse(alice).post("/import/", chosen(file("a"), file("b", "started: yesterday")))

    assert "1 new" in page.text
    assert "1 problem" in page.text
    assert "Line 6" in page.text
    assert not Postmortem.objects.exists()
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "a.json",
            b'{"title": "Outage"}',
            "Write a key such as &quot;import_id&quot;: &quot;a&quot;.",
        ),
        ("a.md", b"---\nhindsight: 1\ntitle: Outage\n---\n", "Write a line such as import_id: a."),
    ],
)
def test_a_missing_id_is_told_in_the_way_of_the_file(browse, alice, name, text, said):
    page = browse(alice).post("/import/", chosen((name, text)))

    assert said in page.text


def test_a_preview_names_what_would_be_made_and_leads_to_what_would_change(browse, alice):
    client = browse(alice)
    before = waiting_in(client.post("/import/", chosen(file("a"))))
    client.post("/import/confirm/", {"waiting": before})
    changed, new = file("a", title="Longer outage"), file("b", title="Walrus")

    page = client.post("/import/", chosen(changed, new)).text

    assert f'href="{Postmortem.objects.get().get_absolute_url()}"' in page
    assert "Will change" in page
    assert "Walrus" in page
    assert "Will be made" in page
    assert "Created" not in page


def test_a_preview_says_where_a_file_goes_to_another_team(browse, dana, platform):
    make_team("payments")

    page = browse(dana).post("/import/", chosen(file("a", "team: payments"), file("b"))).text

    assert page.count("into the team Payments") == 1
    assert "into the team Platform" not in page


def test_a_preview_leads_to_nothing_that_is_hidden(browse, alice, reported):
    hidden = Postmortem.objects.get(import_id="a")
    hidden.audience.all().delete()

    page = browse(alice).post("/import/", chosen(file("a"), file("b"))).text

    assert hidden.get_absolute_url() not in page
    assert Postmortem.objects.get(import_id="b").get_absolute_url() in page


def test_what_is_confirmed_comes_in_once(browse, alice):
    client = browse(alice)
    waiting = waiting_in(client.post("/import/", chosen(file("a"))))

    first = client.post("/import/confirm/", {"waiting": waiting})
    again = client.post("/import/confirm/", {"waiting": waiting})

    assert first["Location"] == again["Location"]
    assert Postmortem.objects.count() == Import.objects.count() == 1
    assert not WaitingImport.objects.exists()
    assert Postmortem.objects.get().title in client.get(first["Location"]).text


def test_text_may_be_pasted(browse, alice):
    client = browse(alice)
    text = '[{"import_id": "a", "title": "Walrus"}]'

    client.post(
        "/import/confirm/", {"waiting": waiting_in(client.post("/import/", chosen(text=text)))}
    )

    assert Postmortem.objects.get().title == "Walrus"


def test_where_nothing_would_change_there_is_nothing_to_confirm(browse, alice):
    page = browse(alice).post("/import/", chosen(file("a", "started: yesterday")))

    assert "Nothing would change" in page.text
    assert "import/confirm" not in page.text
    assert not WaitingImport.objects.exists()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"team": "platform"}, "There is nothing to import: choose a file"),
        ({"team": "nobody", "text": "x"}, "Choose a team that you write in."),
        (chosen(("a.zip", b"PK\x03\x04")), "damaged or incomplete"),
    ],
)
def test_what_cannot_be_read_is_told_at_the_form(browse, alice, form, words):
    page = browse(alice).post("/import/", form)

    assert page.status_code == 400
    assert words in page.text


def test_problems_stand_in_the_order_of_the_lines(browse, alice):
    form = chosen(file("a", "severity: huge", "started: yesterday", "titel: x"))

    page = browse(alice).post("/import/", form).text

    lines = [int(number) for number in re.findall(r"Line (\d+)", page)]
    assert lines == sorted(lines)
    assert len(lines) > 2


def test_only_three_previews_wait_for_a_person(browse, alice):
    client = browse(alice)
    first = waiting_in(client.post("/import/", chosen(file("a"))))
    for name in "bcd":
        client.post("/import/", chosen(file(name)))

    assert WaitingImport.objects.count() == 3
    assert client.post("/import/confirm/", {"waiting": first}).status_code == 404


def test_a_preview_is_forgotten_after_an_hour(browse, alice):
    client = browse(alice)
    waiting = waiting_in(client.post("/import/", chosen(file("a"))))
    WaitingImport.objects.update(created_at="2024-01-01T00:00Z")

    assert client.post("/import/confirm/", {"waiting": waiting}).status_code == 404


def test_nobody_else_confirms_reads_or_takes_back(browse, alice, charlie, dana, reported):
    waiting = waiting_in(browse(alice).post("/import/", chosen(file("c"))))

    for user in (charlie, dana):
        client = browse(user)
        assert client.post("/import/confirm/", {"waiting": waiting}).status_code == 404
        assert client.get(f"/import/{reported.ref}/").status_code == 404
        assert client.post(f"/import/{reported.ref}/undo/").status_code == 404
        assert reported.ref not in client.get("/import/").text


def test_an_import_is_taken_back_after_a_question(browse, alice, reported):
    client, address = browse(alice), f"/import/{reported.ref}/undo/"

    question = client.get(address).text
    assert f"Take the import of “{reported.name}” back?" in question
    assert "2 new" in question
    page = client.post(address, follow=True)

    assert "The import was taken back." in page.text
    assert page.text.count("Moved to the bin") == 2
    assert not Postmortem.objects.live().exists()


def test_titles_that_the_importer_no_longer_sees_are_not_shown(browse, alice, reported):
    hidden = Postmortem.objects.get(import_id="a")
    hidden.audience.all().delete()

    page = browse(alice).get(f"/import/{reported.ref}/").text

    assert page.count('/">Outage</a>') == 1


@pytest.mark.parametrize("count", [1, 3])
def test_a_report_takes_as_many_statements_for_one_as_for_three(
    browse, alice, count, django_assert_num_queries
):
    client = browse(alice)
    page = client.post("/import/", chosen(*(file(f"f{number}") for number in range(count))))
    report = client.post("/import/confirm/", {"waiting": waiting_in(page)})["Location"]
    client.get(report)

    with django_assert_num_queries(9):
        client.get(report)


def test_who_writes_nowhere_is_told(browse, alice, platform):
    platform.memberships.update(role="reader")

    assert browse(alice).get("/import/").status_code == 403
    assert browse(alice).post("/import/", chosen(file("a"))).status_code == 403


def test_the_menu_leads_there(browse, alice):
    page = browse(alice).get("/").text

    assert 'href="/import/"' in page
    assert 'href="/export/"' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_for_one_as_for_three(
    browse, alice, count, django_assert_num_queries
):
    client = browse(alice)
    for number in range(count):
        page = client.post("/import/", chosen(file(f"f{number}")))
        client.post("/import/confirm/", {"waiting": waiting_in(page)})

    client.get("/import/")
    with django_assert_num_queries(8):
        assert client.get("/import/").text.count("1 new") == count
