"""The API's own ideas: in every state, with files and with answers to what the contest asks."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.tokens import create_token
from accounts.models import Account
from ideas.asked import asked_of
from ideas.models import Idea
from participation.models import Attachment, Contribution
from tests.api.conftest import Api
from tests.factories.files import picture, upload
from tests.factories.ideas import make_contest, make_idea, make_public_idea, seat_coauthor
from tests.factories.participation import decide, make_citizen
from tests.factories.votes import key
from tests.ideas.test_asked import QUESTIONS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def send(account: Account | None, idea: Idea, content: bytes, **fields: Any) -> Any:
    """A file sent by a program as a form of several parts."""
    headers = {}
    if account is not None:
        _row, secret = create_token(account=account, by="system")
        headers = {"Authorization": f"Bearer {secret}"}
    body = {"file": upload(content, fields.pop("name", "steps.jpg")), **fields}
    return Client().post(f"/api/v1/ideas/{key(idea)}/files", body, headers=headers)


def test_ones_own_ideas_in_every_state_and_nobody_elses():
    contest, other = (make_contest()[1] for _each in range(2))
    mei, fong = make_citizen("Mei"), make_citizen("Fong")
    public, held = make_public_idea(contest, account=mei), make_idea(other, account=mei)
    shared = make_public_idea(contest, account=fong)
    seat_coauthor(shared, mei)
    make_public_idea(contest)
    program = Api(mei)
    found = program.ask("GET", "ideas")[1]
    assert found["count"] == 3
    told = {one["id"]: (one["state"], one["waits"], one["shared"]) for one in found["items"]}
    assert told == {
        key(public): ("published", False, False),
        key(held): ("held", True, False),
        key(shared): ("published", False, True),
    }
    narrowed = program.ask("GET", f"ideas?contest={other.public_id}")[1]
    assert [one["id"] for one in narrowed["items"]] == [key(held)]
    assert program.ask("GET", "ideas?contest=nothing")[0] == 404
    # What was written on is read back as it was last written, before a moderator has read it.
    assert program.ask("PATCH", f"ideas/{key(public)}", {"title": "Other words"})[0] == 200
    own = program.ask("GET", f"ideas/{key(public)}/own")[1]
    assert (own["title"], own["version"], own["waits"]) == ("Other words", 2, True)
    assert Api().ask("GET", f"ideas/{key(public)}")[1]["title"] == public.title
    assert Api().ask("GET", "ideas")[0] == 401
    for reader, status in ((Api(fong), 404), (Api(), 401)):
        assert reader.ask("GET", f"ideas/{key(public)}/own")[0] == status


def test_the_list_takes_as_many_queries_for_many_as_for_one():
    contest, author = make_contest()[1], make_citizen("Mei")
    program = Api(author)

    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert program.ask("GET", "ideas")[0] == 200
        return len(captured)

    make_idea(contest, account=author)
    few = queries()
    for _each in range(3):
        seat_coauthor(make_idea(contest), author)
    assert queries() == few <= 12


def test_what_a_contest_asks_is_answered_and_read_but_for_what_is_private():
    contest = make_contest(moderation_policy="after", questions=QUESTIONS)[1]
    author = make_citizen("Mei")
    idea, program = make_public_idea(contest, account=author), Api(author)
    asked = Api().ask("GET", f"contests/{contest.public_id}/questions")[1]
    keys = [one["key"] for section in asked["sections"] for one in section["questions"]]
    assert keys == [one.key for one in asked_of(contest).questions()]
    assert Api().ask("GET", f"contests/{make_contest()[1].public_id}/questions")[0] == 404
    path = f"ideas/{key(idea)}"
    for wrong in ({"q-tried": "o-perhaps"}, {"q-none": "x"}):
        status, refused = program.ask("PATCH", path, {"answers": wrong})
        # A program knows the question by its key; the form's field is none of its business.
        assert (status, [one["field"] for one in refused["errors"]]) == (422, list(wrong))
        assert [one["question"] for one in refused["problems"]] == list(wrong)
        assert "field" not in refused
    answers = {
        "q-tried": {"option": "o-yes"},
        "q-where": "In Oslo",
        "q-phone": "2345 6789",
    }
    assert program.ask("PATCH", path, {"answers": answers})[0] == 200
    assert program.ask("GET", f"{path}/own")[1]["answers"] == answers
    told = Api().ask("GET", path)[1]["answers"]
    assert told == {name: answers[name] for name in ("q-tried", "q-where")}
    # Left out, they stay; sent without one, that one is taken away.
    assert program.ask("PATCH", path, {"title": "Other words"})[1]["version"] == 3
    assert program.ask("GET", f"{path}/own")[1]["answers"] == answers
    assert program.ask("PATCH", path, {"answers": {"q-phone": "2345 6789"}})[0] == 200
    assert Api().ask("GET", path)[1]["answers"] == {}
    call_command("verify_audit", stdout=io.StringIO())


def test_a_file_is_sent_waits_with_its_version_is_read_and_taken_away(settings, tmp_path):
    settings.ATTACHMENTS_ROOT = tmp_path
    author, friend = make_citizen("Mei"), make_citizen("Fong")
    idea = make_public_idea(make_contest()[1], account=author)
    seat_coauthor(idea, friend)
    content = picture()
    answer = send(friend, idea, content, alt="Steep steps")
    assert answer.status_code == 201
    (file,) = answer.json()["files"]
    assert (file["name"], file["alt"], file["state"]) == ("steps.jpg", "Steep steps", "waiting")
    assert Api().ask("GET", f"ideas/{key(idea)}")[1]["files"] == []
    # The same bytes again are the file that is there.
    again = send(author, idea, content)
    assert (again.status_code, again.json()["files"], again.json()["version"]) == (201, [file], 2)
    assert Attachment.objects.count() == 1
    decide(Contribution.objects.get(pk=idea.pk))
    (shown,) = Api().ask("GET", f"ideas/{key(idea)}")[1]["files"]
    assert shown == {name: value for name, value in file.items() if name != "state"}
    path = "/" + shown["address"].split("/", 3)[3]
    got = b"".join(Client().get(path).streaming_content)
    assert len(got) == shown["size"]
    own = f"ideas/{key(idea)}/files/{file['id']}"
    assert Api(make_citizen()).ask("DELETE", own)[0] == 404
    assert Api(author).ask("DELETE", f"ideas/{key(idea)}/files/nothing")[0] == 404
    assert Api(author).ask("DELETE", own)[1]["files"] == []
    assert Client().get(path).status_code == 404
    call_command("verify_audit", stdout=io.StringIO())


@pytest.mark.parametrize(
    ("content", "fields", "status"),
    [
        (b"<svg onload='alert(1)'/>", {}, 422),
        (b"", {}, 422),
        (None, {"alt": "x" * 5000}, 422),
    ],
    ids=["no type we take", "empty", "words without end"],
)
def test_what_is_refused_leaves_nothing(settings, tmp_path, content, fields, status):
    settings.ATTACHMENTS_ROOT = tmp_path
    author = make_citizen("Mei")
    idea = make_public_idea(make_contest()[1], account=author)
    answer = send(author, idea, picture() if content is None else content, **fields)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "files"
    assert not Attachment.objects.exists()
    assert send(make_citizen(), idea, picture()).status_code == 404
    assert send(None, idea, picture()).status_code == 401
    assert Idea.objects.get().contribution.versions.count() == 1
