"""Rounds: what publishing writes and refuses, and trying a build without an account or a script."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from consultations.actions.paper import publish_paper
from core import clock
from core.exceptions import Invalid, Refused
from core.models import MediaDocument
from crowdtasks.panel.actions.planning import open_to_all
from crowdtasks.products.actions.trying import answer_step, show_step
from crowdtasks.products.face import check
from crowdtasks.products.models import Attempt, Build, Round, Step, StepResult
from crowdtasks.products.timing import seconds_between
from participation.actions.contributions import withdraw_contribution
from participation.models import Receipt
from questionnaires.actions.responses import submit_response
from questionnaires.loading import questionnaire_of
from tests.factories.panel import officer_of
from tests.factories.participation import make_citizen
from tests.factories.products import (
    begin,
    build,
    builds_of,
    edit,
    fields_of,
    make_product,
    make_round,
    make_round_draft,
    round_questions,
    send,
    step,
    tell,
)
from tests.factories.questions import question, section

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

SIX = [question("short", f"q{number}", "Why?") for number in range(6)]
NOW = dt.datetime(2026, 5, 4, 3, 0, tzinfo=dt.UTC)


def _path(row: Round, rest: str = "try/") -> str:
    return f"/en/e/{row.engagement.public_id}/{rest}"


def _say(attempt: Attempt, step: Step, went: str, *, interrupted: bool = False) -> StepResult:
    return answer_step(
        attempt=attempt, step=step, went=went, difficulty=None, interrupted=interrupted
    )


def test_publishing_writes_build_steps_and_questions_in_three_languages() -> None:
    page, row = make_round()
    assert row.build.version == "1"
    steps = list(row.steps.all())
    assert [one.block_id for one in steps] == ["find", "book"]
    assert all(set(one.title) == {"en", "zh-hant", "zh-hans"} for one in steps)
    assert row.engagement.levels["answer"] == 0
    edit(page, steps=[step("book", "Book it quickly"), step("leave", "Give it back")])
    publish_paper(page=page, by=None)
    standing = list(row.steps.filter(retired_at=None).values_list("block_id", flat=True))
    assert standing == ["book", "leave"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"build": None}, "build"),
        ({"steps": []}, "steps"),
        ({"questions": []}, "questions"),
        (
            {"questions": [section("s", "S", *SIX)]},
            "questions",
        ),
    ],
)
def test_what_a_round_needs_and_does_not_take(fields, field) -> None:
    product_build = builds_of(make_product()[1])[0]
    page = make_round_draft(**{"build": product_build, **({} if "build" in fields else fields)})
    if "build" in fields:
        edit(page, build=None)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == field


def test_after_the_first_try_build_and_steps_stay() -> None:
    _page, engagement = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(engagement)
    page, row = make_round(build=first)
    begin(row)
    edit(page, build=second)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "build"
    edit(page, build=first, steps=[step("find", "Another aim"), step("book", "Book it")])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "steps"


def test_after_the_first_try_its_builds_version_address_and_file_stay(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    app = MediaDocument.objects.create(title="App", file=ContentFile(b"one", name="app.apk"))
    first = build("1", document=app.pk)
    page, engagement = make_product(builds=[first, build("2")])
    _round_page, row = make_round(build=builds_of(engagement)[0])

    def published(**fields) -> Build:
        changed = {**first, "value": {**first["value"], **fields}}
        edit(page, builds=[changed, build("2")])
        publish_paper(page=page, by=None)
        return Build.objects.get(pk=row.build_id)

    # Nobody has tried it yet.
    other = MediaDocument.objects.create(title="Other", file=ContentFile(b"two", name="app.apk"))
    assert published(document=other.pk).sha256 == hashlib.sha256(b"two").hexdigest()
    before = published()
    begin(row)
    changes = [
        {"version": "1.1"},
        {"link": "https://other.library.example.org/"},
        {"link": ""},
        {"document": other.pk},
        {"document": None},
    ]
    for change in changes:
        with pytest.raises(Invalid) as refused:
            published(**change)
        assert refused.value.field == "builds"
        assert "People have tried build 1 already" in str(refused.value)
        # The editor says so too.
        draft = page.get_latest_revision_as_object()
        with pytest.raises(Invalid):
            check(draft, engagement)
    # Words about it, another build and a new one are still possible; so is the file once more.
    same = MediaDocument.objects.create(title="Again", file=ContentFile(b"one", name="again.apk"))
    known = published(known_issues="The list is slow.", document=same.pk)
    assert known.known_issues["en"] == "The list is slow."
    assert (known.version, known.link, known.sha256) == ("1", before.link, before.sha256)
    edit(page, builds=[first, build("2", link="https://two.library.example.org/"), build("3")])
    publish_paper(page=page, by=None)
    assert [one.version for one in builds_of(engagement)] == ["1", "2", "3"]
    # A document keeps its name when the CMS gives it another file.
    app.file.save("app.apk", ContentFile(b"three"))
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "builds"
    assert Build.objects.get(pk=row.build_id).sha256 == before.sha256


def test_anybody_tries_it_without_an_account_and_a_skipped_step_is_asked_for(client) -> None:
    _page, row = make_round()
    shown = client.get(_path(row)).content.decode()
    assert "https://try.library.example.org/" in shown
    assert "csrfmiddlewaretoken" in shown
    answer = client.post(_path(row))
    assert answer.headers["Location"] == _path(row, "try/1/")
    # Nothing said: the form says so, and stays.
    assert client.post(_path(row, "try/1/"), {}).status_code == 422
    # The first step is skipped, the second told.
    told = {"went": "trouble", "difficulty": "3"}
    answer = client.post(_path(row, "try/2/"), told)
    assert answer.headers["Location"] == _path(row, "try/questions/")
    page = client.get(_path(row, "try/questions/")).content.decode()
    names = fields_of(row)
    assert all(f'name="{name}"' in page for name in names.values())
    sent = {"seen": list(names.values()), names["again"]: "yes", names["why"]: "Larger letters."}
    refused = client.post(_path(row, "try/questions/"), sent)
    assert refused.status_code == 422
    assert _path(row, "try/1/") in refused.content.decode()
    assert not Receipt.objects.exists()
    # Nothing was lost: what was typed is there again, and one step later it is handed in.
    assert "Larger letters." in client.get(_path(row, "try/questions/")).content.decode()
    client.post(_path(row, "try/1/"), {"went": "done", "difficulty": ""})
    done = client.post(_path(row, "try/questions/"), sent)
    receipt = Receipt.objects.get()
    assert receipt.code in done.headers["Location"]
    assert "build 1" in client.get(done.headers["Location"]).content.decode()
    attempt = Attempt.objects.counted().get()
    assert attempt.contribution == receipt.contribution
    assert receipt.person is None
    assert attempt.draft is None
    results = list(attempt.results.order_by("step__order").values_list("went", "difficulty"))
    assert results == [("done", None), ("trouble", 3)]
    # Whoever has handed it in begins anew; somebody else's visit finds nothing of it.
    assert client.get(_path(row, "try/1/")).headers["Location"] == _path(row)
    assert Client().get(_path(row, "try/1/")).headers["Location"] == _path(row)


def test_times_run_from_a_steps_page_to_its_first_answer() -> None:
    _page, row = make_round(opens=-400, closes=4000)
    with clock.freeze(NOW):
        attempt = begin(row)
        first, second = row.steps.all()
        with clock.travel(dt.timedelta(seconds=42)):
            assert _say(attempt, first, "done").seconds == 42
            show_step(attempt=attempt, step=second)
        with clock.travel(dt.timedelta(seconds=132)):
            # A correction keeps the time of the first answer; an interruption takes it away.
            corrected = _say(attempt, first, "trouble")
            assert (corrected.seconds, corrected.went) == (42, "trouble")
            assert _say(attempt, second, "failed", interrupted=True).seconds is None
    assert seconds_between(NOW, NOW + dt.timedelta(minutes=61), interrupted=False) is None
    assert seconds_between(NOW, NOW, interrupted=False) == 1


def test_only_tries_that_stand_count_and_no_answers_come_without_one() -> None:
    _page, row = make_round()
    account = make_citizen()
    attempt = begin(row, account.person)
    tell(attempt)
    receipt = send(attempt, account)
    begin(row)
    assert Attempt.objects.counted().count() == 1
    assert StepResult.objects.filter(attempt__contribution=receipt.contribution).count() == 2
    with pytest.raises(Refused):
        submit_response(
            questionnaire=questionnaire_of(row.engagement),
            answers={"again": {"option": "no"}},
            person=make_citizen().person,
            account=None,
        )
    withdraw_contribution(contribution=receipt.contribution, person=account.person, account=account)
    assert Attempt.objects.counted().count() == 0


def test_public_pages_say_what_is_tried_and_by_how_many(client) -> None:
    _page, row = make_round(title="Seats, first build")
    attempt = begin(row)
    tell(attempt)
    send(attempt)
    for language in ("en", "zh-hant", "zh-hans"):
        text = client.get(row.engagement.paths[language]).content.decode()
        assert "csrfmiddlewaretoken" not in text
        assert f"/{language}/e/{row.engagement.public_id}/try/" in text
    text = client.get(row.engagement.paths["en"]).content.decode()
    assert "1 person has tried it so far." in text
    product = row.build.product.engagement
    assert row.engagement.paths["en"] in client.get(product.paths["en"]).content.decode()
    # Where answering begins elsewhere it leads here.
    assert client.get(_path(row, "answer/")).headers["Location"] == _path(row)
    assert _path(row, "code/round.svg") in client.get(_path(row, "poster/")).content.decode()
    for what in ("round", "build"):
        drawn = client.get(_path(row, f"code/{what}.svg"))
        assert drawn.headers["Content-Type"] == "image/svg+xml"
        assert b"<svg" in drawn.content
        assert b"style=" not in drawn.content
    assert client.get(_path(row, "code/other.svg")).status_code == 404


def test_a_round_is_tried_while_it_is_open_alone(client) -> None:
    _page, row = make_round(opens=3, closes=9, questions=round_questions())
    assert client.get(_path(row)).status_code == 409
    assert client.post(_path(row)).status_code == 409
    assert not Attempt.objects.exists()


@pytest.mark.parametrize(
    ("language", "now", "after"),
    [
        ("en", "Anyone may try it", "Anyone could try it"),
        ("zh-hant", "任何人都可以試用，毋須帳戶。", "活動已結束。"),
        ("zh-hans", "任何人都可以试用，毋须帐户。", "活动已结束。"),
    ],
)
def test_a_closed_round_does_not_say_that_it_can_be_tried(client, language, now, after) -> None:
    path = make_round()[1].engagement.paths[language]
    page = client.get(path).content.decode()
    assert now in page
    assert after not in page
    # What is kept goes by the clock of the machine, which cannot be moved.
    cache.clear()
    with clock.travel(dt.timedelta(days=60)):
        page = client.get(path).content.decode()
    assert after in page
    assert f"<li>{now}" not in page
    assert "so far" not in page


def test_a_build_that_was_taken_back_is_offered_nowhere(client) -> None:
    product_page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    row = make_round(build=first)[1]
    row.engagement.refresh_from_db()
    page, start = row.engagement.paths["en"], _path(row)
    begun, late = Client(), Client()
    begun.post(start)
    for path in (page, start):
        assert first.link in client.get(path).content.decode()
    assert page in client.get("/en/tasks/").content.decode()
    edit(product_page, builds=[build("2")])
    publish_paper(page=product_page, by=None)
    cache.clear()
    said = {
        "en": "The bureau has taken this build back, so nobody can try it now.",
        "zh-hant": "部門已收回這個版本，現時不能試用。",
        "zh-hans": "部门已收回这个版本，现时不能试用。",
    }
    for language, words in said.items():
        for path in (row.engagement.paths[language], start.replace("/en/", f"/{language}/", 1)):
            shown = client.get(path).content.decode()
            assert words in shown, path
            assert first.link not in shown
            assert "csrfmiddlewaretoken" not in shown.partition("<main")[2]
            assert f'{row.engagement.public_id}/try/" role="button"' not in shown
    assert page not in client.get("/en/tasks/").content.decode()
    for gone in ("poster/", "code/build.svg"):
        assert client.get(_path(row, gone)).status_code == 404
    # Nobody begins now; what was begun before is handed in all the same.
    refused = late.post(start)
    assert refused.status_code == 409
    assert said["en"] in refused.content.decode()
    assert Attempt.objects.count() == 1
    assert "you can still hand it in" in begun.get(start).content.decode()
    tell(Attempt.objects.get())
    assert send(Attempt.objects.get()).code
    # Another round of what stands is not held up; and what comes back is tried again.
    assert begin(make_round(build=second)[1]).pk
    edit(product_page, builds=[build("1"), build("2")])
    publish_paper(page=product_page, by=None)
    assert late.post(start).status_code == 302


def test_a_poster_is_there_only_for_what_everybody_can_try(client) -> None:
    _page, row = make_round()
    _page, invited = make_round(who="invited")
    _page, coming = make_round(opens=3, closes=9)
    for one, found in ((row, 200), (coming, 200), (invited, 404)):
        assert client.get(_path(one, "poster/")).status_code == found
    page = invited.engagement.paths["en"]
    assert "For those invited" in client.get(page).content.decode()
    open_to_all(round=invited, account=officer_of(invited))
    assert client.get(_path(invited, "poster/")).status_code == 200
    # What is kept goes by the clock of the machine, which cannot be moved.
    cache.clear()
    assert "For those invited" not in client.get(page).content.decode()
    with clock.freeze(row.engagement.closes_at):
        assert client.get(_path(row, "poster/")).status_code == 404
        assert client.get(_path(row, "code/round.svg")).status_code == 200


@pytest.mark.parametrize(
    ("language", "coming", "now_open"),
    [
        ("en", "The next round opens on", "This round is open until"),
        ("zh-hant", "下一次試用活動在", "試用活動開放至"),
        ("zh-hans", "下一次试用活动在", "试用活动开放至"),
    ],
)
def test_a_closed_round_leads_to_the_next_of_its_product(
    client, language, coming, now_open, django_capture_on_commit_callbacks
) -> None:
    _page, engagement = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(engagement)
    _page, over = make_round(build=first, opens=-9, closes=9)
    path = over.engagement.paths[language]
    page = client.get(path).content.decode()
    assert coming not in page
    with clock.travel(dt.timedelta(days=12)):
        cache.clear()
        assert coming not in client.get(path).content.decode()
        # Published afterwards: what was kept of the page goes.
        with django_capture_on_commit_callbacks(execute=True):
            _page, later = make_round(build=second, opens=4, closes=30)
        page = client.get(path).content.decode()
        assert later.engagement.paths[language] in page
        assert coming in page
        with django_capture_on_commit_callbacks(execute=True):
            _page, sooner = make_round(build=second, opens=-1, closes=30)
        page = client.get(path).content.decode()
        assert sooner.engagement.paths[language] in page
        assert later.engagement.paths[language] not in page
        assert now_open in page
        assert coming not in page


def test_the_page_of_a_closed_round_asks_as_little_beside_many_rounds(client) -> None:
    _page, engagement = make_product()
    (only,) = builds_of(engagement)
    _page, over = make_round(build=only, opens=-9, closes=9)
    path, counts = over.engagement.paths["en"], []
    with clock.travel(dt.timedelta(days=12)):
        for more in (1, 4):
            for number in range(more):
                make_round(build=only, opens=2 + number, closes=30)
            client.get(path)
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                assert "The next round opens on" in client.get(path).content.decode()
            counts.append(len(asked))
    assert counts[0] == counts[1]
