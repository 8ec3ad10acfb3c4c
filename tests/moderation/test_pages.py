"""The queue, an item, a report: from the page to the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Account
from core import clock
from moderation import actions, line
from moderation.models import Decision, Item, Report
from moderation.rules import RULES
from tests.factories.accounts import make_account, make_bureau, make_moderator, make_staff
from tests.factories.moderation import KIND, make_item

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 11, 2, 4, 0, tzinfo=dt.UTC)
QUEUE = "/en/moderation/"


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def url_of(item: Item, language: str = "en") -> str:
    return f"/{language}/moderation/{item.kind}/{item.public_id}/"


def typed(item: Item, **fields) -> dict[str, str]:
    return {
        **{"verdict": "withhold", "rule": "r4", "sentence": "", "after": ""},
        "version": str(item.version),
        **fields,
    }


# --- order and head -------------------------------------------------------------------------------


def test_what_closes_soonest_comes_first_then_the_oldest():
    hours = {"far": 500, "soon": 40, "sooner": 3, "closed": -5, "none": None, "edge": 49}
    made = {}
    for number, (name, left) in enumerate(hours.items()):
        with clock.freeze(NOON - dt.timedelta(minutes=60 - number)):
            closes = None if left is None else NOON + dt.timedelta(hours=left)
            made[name] = make_item(make_account(name=name), urgent_at=closes)
    names = {item.pk: name for name, item in made.items()}
    ordered = [names[item.pk] for item in Item.objects.waiting().in_order(NOON)]
    assert ordered == ["sooner", "soon", "far", "closed", "none", "edge"]


def test_the_head_says_how_many_wait_since_when_and_what_closes_tonight():
    midnight = dt.datetime(2026, 11, 2, 16, 0, tzinfo=dt.UTC)  # 3 November, 00:00 in Hong Kong
    closes = [midnight, midnight + dt.timedelta(minutes=1), NOON - dt.timedelta(hours=1), None]
    for number, close in enumerate(closes):
        with clock.freeze(NOON - dt.timedelta(hours=number)):
            make_item(make_account(name=f"Name {number}"), urgent_at=close)
    head = line.head(Item.objects.waiting(), NOON)
    assert (head.waiting, head.closing_tonight) == (4, 1)
    assert head.oldest_at == NOON - dt.timedelta(hours=3)
    with clock.freeze(NOON - dt.timedelta(hours=1)):
        moderator = make_moderator()
    with clock.freeze(NOON):
        page = signed_in(moderator).get(QUEUE)
    text = page.content.decode()
    assert "2 November 2026, 9:00 am" in text
    assert "<dd>4</dd>" in text
    assert "<dd>1</dd>" in text


def test_the_queue_asks_as_often_for_fifty_as_for_one(settings):
    moderator = make_moderator()
    client = signed_in(moderator)
    make_item(make_account(name="First"))
    client.get(QUEUE)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert client.get(QUEUE).status_code == 200
    for number in range(49):
        make_item(make_account(name=f"Name {number}"))
    with CaptureQueriesContext(connection) as fifty:
        assert client.get(QUEUE).status_code == 200
    queries = "\n".join(query["sql"] for query in fifty.captured_queries)
    assert len(fifty) == len(one), queries
    assert len(fifty) <= 20, queries


def test_an_item_asks_as_often_in_a_long_queue():
    client = signed_in(make_moderator())
    item = make_item(make_account(name="First"))
    with CaptureQueriesContext(connection) as one:
        assert client.get(url_of(item)).status_code == 200
    for number in range(49):
        make_item(make_account(name=f"Name {number}"))
    with CaptureQueriesContext(connection) as fifty:
        assert client.get(url_of(item)).status_code == 200
    assert len(fifty) == len(one)


def test_an_empty_queue_says_so_and_filters_narrow_it():
    client = signed_in(make_moderator())
    assert "Nothing waits" in client.get(QUEUE).content.decode()
    make_bureau("EPD")
    make_item(make_account(name="Of the environment"), bureau_code="EPD")
    make_item(make_account(name="Of leisure"), bureau_code="LCSD")
    page = client.get(f"{QUEUE}?bureau=LCSD").content.decode()
    assert "Of leisure" in page
    assert "Of the environment" not in page
    page = client.get(f"{QUEUE}?bureau=CSD").content.decode()
    assert "Nothing waits" in page
    for strange in ("?kind=nothing", "?page=9999", "?page=x", "?bureau=%00"):
        assert client.get(f"{QUEUE}{strange}").status_code in {200, 400}


# --- the fence ------------------------------------------------------------------------------------


def test_the_queue_is_for_moderators():
    item = make_item(make_account(name="Ah Ming"))
    for url in (QUEUE, url_of(item)):
        assert Client().get(url).status_code == 302
    assert Client().post(url_of(item), typed(item)).status_code == 401
    for account in (make_account(), make_staff("officer", make_bureau("EPD"))):
        stranger = signed_in(account)
        assert stranger.get(QUEUE).status_code == 403
        # Whether the item is there is not said.
        assert stranger.get(url_of(item)).status_code == 404
        assert stranger.post(url_of(item), typed(item)).status_code == 404
    assert not Decision.objects.exists()


def test_a_bureaus_moderator_sees_that_bureaus_items_only():
    ours = make_item(make_account(name="Of the environment"), bureau_code="EPD")
    theirs = make_item(make_account(name="Of leisure"), bureau_code="LCSD")
    nobodys = make_item(make_account(name="Of nobody"), bureau_code="")
    client = signed_in(make_staff("moderator", make_bureau("EPD")))
    page = client.get(QUEUE).content.decode()
    assert "Of the environment" in page
    assert "Of leisure" not in page
    assert "Of nobody" not in page
    for item in (theirs, nobodys):
        assert client.get(url_of(item)).status_code == 404
        assert client.post(url_of(item), typed(item)).status_code == 404
    assert client.post(url_of(ours), typed(ours)).status_code == 302
    assert Decision.objects.count() == 1


# --- deciding -------------------------------------------------------------------------------------


def test_the_item_shows_what_is_needed_to_decide():
    author = make_account(name="Ah Ming <b>")
    item = make_item(author, version=2)
    make_item(make_account(name="Another"))
    page = signed_in(make_moderator()).get(url_of(item)).content.decode()
    assert "1 of 2" in page
    assert "Ah Ming &lt;b&gt;" in page
    assert 'lang="zh-Hant-HK">Ah Ming' in page
    assert "Every household pays by the bag." in page
    assert "0 published, 0 withheld" in page
    assert "Version 2." in page
    for rule in RULES.values():
        assert rule.label["en"] in page


def test_withholding_leads_on_to_the_next_with_the_filters_kept():
    first = make_item(make_account(name="First"))
    second = make_item(make_account(name="Second"))
    third = make_item(make_account(name="Third"))
    client = signed_in(make_moderator())
    answer = client.post(f"{url_of(second)}?kind={KIND}", typed(second, sentence="Please."))
    assert answer.status_code == 302
    assert answer["Location"] == f"{url_of(third)}?kind={KIND}#item"
    page = client.get(url_of(third)).content.decode()
    assert "Withheld. 2 still wait." in page
    assert "2 of 2" in page
    answer = client.post(url_of(third), typed(third, verdict="publish"))
    assert answer["Location"] == f"{url_of(first)}#item"
    answer = client.post(url_of(first), typed(first))
    assert answer["Location"] == QUEUE
    assert Decision.objects.filter(verdict="withhold", rule="r4").count() == 2


def test_withholding_without_a_rule_keeps_the_sentence():
    item = make_item(make_account(name="First"))
    client = signed_in(make_moderator())
    answer = client.post(url_of(item), typed(item, rule="", sentence="Kind words."))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the house rule it goes against." in page
    assert "Kind words." in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": "erase"},
        {"verdict": ""},
        {"rule": "r99"},
        {"version": "x"},
        {"version": "99999999999999999999"},
        {"sentence": "x" * 501},
        {"sentence": "a\x00b"},
        {"after": "x" * 400},
    ],
)
def test_bad_input_is_answered_and_changes_nothing(fields):
    item = make_item(make_account(name="First"))
    answer = signed_in(make_moderator()).post(url_of(item), typed(item, **fields))
    assert answer.status_code in {400, 409, 422}
    assert not Decision.objects.exists()


def test_the_second_moderator_sees_who_did_what_and_keeps_the_typed_words():
    item = make_item(make_account(name="First"))
    first = make_moderator(name="Wong")
    second = signed_in(make_moderator(name="Chan"))
    signed_in(first).post(url_of(item), typed(item, verdict="publish"))
    answer = second.post(url_of(item), typed(item, sentence="Typed with care."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague has decided on this in the meantime." in page
    assert "Wong" in page
    assert "Typed with care." in page
    decision = Decision.objects.get()
    assert f'value="{decision.public_id}"' in page
    # Now on purpose: the second decision takes the first one's place.
    again = second.post(url_of(item), typed(item, after=decision.public_id))
    assert again.status_code == 302
    assert Decision.objects.count() == 2


def test_the_own_text_shows_no_form_and_takes_no_decision():
    moderator = make_moderator(name="Ah Ming")
    item = make_item(moderator)
    client = signed_in(moderator)
    page = client.get(url_of(item)).content.decode()
    assert 'name="verdict"' not in page
    assert "Nobody decides on their own text" in page
    assert client.post(url_of(item), typed(item)).status_code == 403
    assert not Decision.objects.exists()


def test_a_text_that_is_gone_can_be_taken_out_and_nothing_else_can():
    author = make_account(name="First")
    item, kept = make_item(author), make_item(make_account(name="Second"))
    client = signed_in(make_moderator())
    Item.objects.filter(pk=item.pk).update(target_id="gone")
    item.refresh_from_db()
    assert "no longer there" in client.get(url_of(item)).content.decode()
    assert "no longer there" in client.get(QUEUE).content.decode()
    assert client.post(url_of(item), {"drop": "1"}).status_code == 302
    assert client.post(url_of(kept), {"drop": "1"}).status_code == 409
    assert set(Item.objects.values_list("state", flat=True)) == {"dropped", "waiting"}


def test_switching_the_language_keeps_what_was_typed():
    item = make_item(make_account(name="First"))
    answer = signed_in(make_moderator()).post(
        url_of(item, "zh-hant"), typed(item, sentence="寫到一半", switch_language="zh-hant")
    )
    assert answer.status_code == 200
    assert "寫到一半" in answer.content.decode()
    assert not Decision.objects.exists()


# --- reports --------------------------------------------------------------------------------------


def report_url(author: Account, language: str = "en") -> str:
    return f"/{language}/report/{KIND}/{author.public_id}/"


def test_anybody_reports_and_is_thanked():
    author = make_account(name="Ah Ming")
    client = Client(REMOTE_ADDR="203.0.113.9")
    page = client.get(report_url(author))
    assert page.status_code == 200
    assert "Ah Ming" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    answer = client.post(report_url(author), {"rule": "r6", "note": "Not him."}, follow=True)
    assert "Thank you for your report" in answer.content.decode()
    report = Report.objects.get()
    assert (report.rule, report.note, report.account) == ("r6", "Not him.", None)
    assert "203.0.113" not in report.reporter_key
    client.post(report_url(author), {"rule": "r1"})
    assert Report.objects.count() == 1
    assert Item.objects.get().reports == 1
    author.refresh_from_db()
    assert author.display_name == "Ah Ming"


def test_readers_of_one_day_are_told_apart_and_days_are_not_joined():
    author = make_account(name="Ah Ming")
    reader = make_account()
    with clock.freeze(NOON):
        Client(REMOTE_ADDR="203.0.113.9").post(report_url(author), {"rule": "r6"})
        Client(REMOTE_ADDR="203.0.113.10").post(report_url(author), {"rule": "r6"})
        signed_in(reader).post(report_url(author), {"rule": "r6"})
    with clock.freeze(NOON + dt.timedelta(days=1)):
        Client(REMOTE_ADDR="203.0.113.9").post(report_url(author), {"rule": "r6"})
        signed_in(reader).post(report_url(author), {"rule": "r6"})
    assert Item.objects.get().reports == 4


@pytest.mark.parametrize(
    "fields",
    [{}, {"rule": "r99"}, {"rule": "r1", "note": "x" * 501}, {"rule": "r1", "note": "a\x00b"}],
)
def test_a_bad_report_is_answered_with_the_text_kept(fields):
    author = make_account(name="Ah Ming")
    answer = Client().post(report_url(author), fields)
    assert answer.status_code in {400, 422}
    assert not Report.objects.exists()


def test_what_the_public_cannot_see_cannot_be_reported():
    hidden = make_account()
    for url in (
        report_url(hidden),
        f"/en/report/{KIND}/nothing/",
        f"/en/report/nothing/{hidden.public_id}/",
    ):
        assert Client().get(url).status_code == 404
        assert Client().post(url, {"rule": "r1"}).status_code == 404
    assert Client().get(f"{report_url(hidden)}thanks/").status_code == 200


def test_too_many_reports_are_refused_with_the_note_kept():
    authors = [make_account(name=f"Name {number}") for number in range(6)]
    client = Client()
    answers = [client.post(report_url(a), {"rule": "r1", "note": "My note."}) for a in authors]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "My note." in answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0


# --- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_the_house_rules_page_says_what_the_rules_say(tree, language):
    page = Client().get(f"/{language}/about/rules/").content.decode()
    for number, rule in enumerate(RULES.values(), start=1):
        assert f'<li id="{rule.id}"><h2>{number}. {rule.label[language]}</h2>' in page
        assert rule.sentence[language] in page


def test_the_stub_names_rule_and_date_and_nothing_else():
    from django.template.loader import render_to_string

    stub = render_to_string("moderation/stub.html", {"rule": "r2", "at": NOON, "what": "comment"})
    assert "Personal data of others" in stub
    assert "2 November 2026" in stub
    assert "about/rules/#r2" in stub


def test_every_page_speaks_each_language():
    author = make_account(name="Ah Ming")
    item = make_item(author)
    client = signed_in(make_moderator())
    actions.report(
        kind=KIND, target_id=author.public_id, rule="r1", account=None, reporter_key="reader:1"
    )
    for language, word in (("en", "Withhold"), ("zh-hant", "不予公開"), ("zh-hans", "不予公开")):
        assert word in client.get(url_of(item, language)).content.decode()
