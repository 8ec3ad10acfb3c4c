"""What people said: who is counted, what is hidden, what may be read, and that sealed is sealed."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.disclosure import hidden
from feedback import said
from feedback.collecting import live_document
from moderation import actions as moderation
from moderation.models import Decision, Item
from participation.actions.contributions import withdraw_contribution
from participation.models import Contribution
from questionnaires.actions.counting import keep_figures
from questionnaires.actions.responses import submit_response
from questionnaires.models import Answer
from tests.factories.participation import make_citizen, make_moderator
from tests.factories.reports import make_response, take
from tests.feedback.conftest import FORMULAS, PLANTED, make_case

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()


@pytest.fixture
def case():
    return make_case(results_from="live")


def many(case, number, answers, **fields):
    return [make_response(case.questionnaire, answers, **fields) for _time in range(number)]


def count(case):
    keep_figures(questionnaire=case.questionnaire)
    cache.clear()


def read(case, rest="", language="en", status=200, **query):
    address = f"/{language}/e/{case.engagement.public_id}/said/{rest}"
    response = Client().get(address, query)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def rows_of(text):
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def view(case, anchor):
    found = said.figures(case.engagement, "en").questions
    return next(one for one in found if one.anchor == anchor)


@pytest.mark.parametrize(
    ("counts", "away"),
    [
        ([], set()),
        ([0, 0], set()),
        ([7, 8, 0], set()),
        ([7, 8, 3], {2, 0}),
        ([9, 8, 3, 7], {2, 3}),
        ([1, 1, 90, 30], {0, 1, 3}),
        ([4, 4, 90], {0, 1}),
        ([2, 3, 90], {0, 1}),
        ([3], {0}),
        ([4, 6, 6], {0, 1}),
    ],
)
def test_small_counts_are_hidden_and_cannot_be_subtracted(counts, away):
    assert hidden(counts) == away


def test_page_has_counts_shares_and_n_as_the_report(case):
    many(case, 12, {"one": "one-yes", "several": ["several-yes", "several-no"], "scale": 4})
    many(case, 8, {"one": "one-no", "several": "several-yes", "scale": 2})
    many(case, 3, {"one": "one-yes"}, state="withdrawn")
    count(case)
    page = read(case)
    assert "20 responses count" in page
    assert "Closes" in page
    assert page.count("n = 20 of 20 responses") == 3
    one = view(case, "q-one")
    assert [(each.count, each.share) for each in one.lines] == [(12, 60.0), (8, 40.0), (0, 0.0)]
    document = live_document(case.engagement, now=case.engagement.opens_at)
    section = next(each for each in document["sections"] if each["key"] == "questions")
    reported = {each["key"]: each["rows"] for each in section["tables"]}
    for anchor in ("q-one", "q-several", "q-scale"):
        shown = [[each.count, each.share] for each in view(case, anchor).lines]
        assert shown == [row[1:] for row in reported[f"question-{anchor}"]]
    assert view(case, "q-scale").statistics == [("Mean", "3.2"), ("Median", "4")]
    assert "12 (60.0%)" in page
    assert "style=" not in page


def test_small_counts_are_nowhere_on_page_or_in_file(case):
    many(case, 11, {"one": "one-yes", "scale": 5})
    many(case, 6, {"one": "one-no", "scale": 4})
    many(case, 3, {"one": "one-other", "scale": 1})
    many(case, 4, {"date": "2026-12-31"})
    count(case)
    one = view(case, "q-one")
    assert [each.count for each in one.lines] == [11, None, None]
    scale = view(case, "q-scale")
    assert [each.count for each in scale.lines] == [None, 0, 0, None, 11]
    assert [label for label, _value in scale.statistics] == ["Median"]
    assert view(case, "q-date").n is None
    assert "2026-12-31" not in read(case)
    lines = rows_of(read(case, "figures.csv"))
    assert [row[4] for row in lines if row[0] == "q-one"] == ["20", "11", "hidden", "hidden"]
    assert [row[4] for row in lines if row[0] == "q-date"] == ["hidden"]
    assert "Fewer than 5 people have answered this" in read(case)


def test_values_that_few_gave_are_not_named(case):
    many(case, 9, {"number": "10"})
    many(case, 1, {"number": "777"})
    many(case, 5, {"number": "12"})
    count(case)
    number = view(case, "q-number")
    assert [(str(each.label), each.count) for each in number.lines] == [
        ("10", 9),
        ("Other answers", 6),
    ]
    assert "777" not in read(case) + read(case, "figures.csv")


def test_many_different_numbers_are_shown_in_stretches_that_nobody_is_alone_in(case):
    for number in range(100, 160):
        many(case, 1, {"number": f"{number}.25"})
    many(case, 1, {"number": "98765.4"})
    many(case, 2, {"number": "3.5"})
    count(case)
    found = view(case, "q-number")
    assert [(one.label.text, one.count) for one in found.lines] == [
        ("Under 110", 12),
        ("110 to under 120", 10),
        ("120 to under 130", 10),
        ("130 to under 140", 10),
        ("140 to under 150", 10),
        ("150 or more", 11),
    ]
    assert not found.hides
    everything = read(case) + read(case, "figures.csv")
    assert not [told for told in ("98,765", "98765", "Mean") if told in everything]
    assert "Median: 129.25 · Lower quartile" in read(case)
    for language, words in (("zh-hant", "少於110"), ("zh-hans", "少于110")):
        assert words in read(case, language=language)
    document = live_document(case.engagement, now=case.engagement.opens_at)
    tables = {
        table["key"]: table["rows"] for one in document["sections"] for table in one["tables"]
    }
    assert [row[1] for row in tables["question-q-number"]] == [2, 10, 10, 10, 10, 10, 10, 1]
    assert tables["question-q-number"][-1][0]["en"] == "160 or more"
    assert tables["question-q-number-statistics"][0][-2:] == [3.5, 98765.4]


def test_the_report_frozen_and_live_say_the_same_of_many_numbers(case):
    for number in range(60):
        many(case, 1, {"number": f"{number * 7919 % 1000}.5"})
    count(case)

    def numbers(document):
        section = next(one for one in document["sections"] if one["key"] == "questions")
        figures = next(one for one in section["figures"]["questions"] if one["id"] == "q-number")
        tables = [one for one in section["tables"] if one["key"].startswith("question-q-number")]
        return {**figures, "as_at": ""}, [(one["columns"], one["rows"]) for one in tables]

    live = numbers(live_document(case.engagement, now=case.engagement.opens_at))
    frozen = numbers(take(case.engagement, case.officer).data)
    assert live == frozen
    assert sum(one["count"] for one in live[0]["stretches"]) == 60


def test_the_sum_of_the_register_reconciles(case):
    for state in ("published", "held", "withheld", "withdrawn", "confidential", "confidential"):
        make_response(case.questionnaire, {"one": "one-yes"}, state=state)
    count(case)
    sums = said.register_sum(case.engagement)
    assert sums["received"] == 6 == sum(sums[key] for key in sums if key != "received")
    found = re.findall(r'numeric">(\d+)</td>', read(case).split("</table>")[0])
    assert [int(one) for one in found] == list(sums.values())


def test_published_answers_alone_are_read(case):
    texts = {
        "Open to all": {"state": "published", "text_state": "published"},
        "Waits for a moderator": {"state": "published", "text_state": "held"},
        "To the bureau": {"state": "confidential", "text_state": "none"},
        "Taken back": {"state": "withdrawn", "text_state": "published"},
        "Rude words": {"state": "published", "text_state": "withheld"},
    }
    made = {
        text: make_response(case.questionnaire, {"long": text}, **how).answers.get()
        for text, how in texts.items()
    }
    rude = made["Rude words"]
    item = Item.objects.create(
        kind="answer", target_id=rude.public_id, created_at=rude.response.begun_at
    )
    Decision.objects.create(
        item=item,
        kind="answer",
        target_id=rude.public_id,
        verdict="withhold",
        rule="r1",
        sentence="",
        version=1,
        decided_by=case.officer,
        decided_at=rude.response.contribution.received_at,
    )
    page = read(case, "answers/") + read(case, "answers.csv")
    assert [text for text in texts if text in page] == ["Open to all"]
    assert "withheld under the house rules" in page
    assert "Open to all" in read(case, f"{made['Open to all'].public_id}/")
    stub = read(case, f"{rude.public_id}/")
    assert "about/rules/#r1" in stub
    assert "Rude words" not in stub
    for text in ("Waits for a moderator", "To the bureau", "Taken back"):
        read(case, f"{made[text].public_id}/", status=404)
    other = make_case(results_from="live")
    read(other, f"{made['Open to all'].public_id}/", status=404)


def test_filters_choose_by_question_capacity_and_choice(case):
    public = {"state": "published", "text_state": "published"}
    make_response(case.questionnaire, {"long": "From a person", "one": "one-yes"}, **public)
    other = {"options": "one-other", "other": "In between"}
    other["options"] = ["one-other"]
    make_response(
        case.questionnaire,
        {"long": "From a society", "one": other},
        organisation="The Society",
        signature_state="published",
        **public,
    )
    both = ("From a person", "From a society")

    def seen(**query):
        page = read(case, "answers/", **query)
        assert rows_of(read(case, "answers.csv", **query))
        return [text for text in (*both, "In between") if f"{text}</p>" in page]

    assert seen() == [*both, "In between"]
    assert seen(question="q-long") == list(both)
    assert seen(question="q-one") == ["In between"]
    assert seen(capacity="organisation") == ["From a society", "In between"]
    assert seen(option="q-one:one-yes") == ["From a person"]
    assert seen(question="q-long", option="q-one:one-other") == ["From a society"]
    for query in (
        {"question": "nothing"},
        {"capacity": "king"},
        {"option": "q-one:several-yes"},
        {"page": "2"},
        {"page": "９"},
        {"page": "-1"},
    ):
        read(case, "answers/", status=404, **query)


def test_names_are_shown_only_when_they_may_be(case):
    public = {"state": "published", "text_state": "published"}
    named = make_response(case.questionnaire, {"long": "Named"}, **public).contribution
    named.author_name = "Ah Fai"
    named.save()
    alias = make_response(
        case.questionnaire, {"long": "By alias"}, signature_state="held", **public
    ).contribution
    alias.author_name, alias.publish_choice = "Sparrow", "alias"
    alias.save()
    for name, state in (("Cleared Ltd", "published"), ("Waiting Ltd", "held"), ("Bad", "withheld")):
        make_response(
            case.questionnaire,
            {"long": f"Of {name[:3]}"},
            organisation=name,
            signature_state=state,
            **public,
        )
    make_response(
        case.questionnaire, {"long": "x"}, organisation="Quiet Ltd", signature_state="none"
    )
    count(case)
    page = read(case) + read(case, "answers/") + read(case, "answers.csv")
    assert "Ah Fai" in page
    assert "Cleared Ltd" in page
    assert not [name for name in ("Sparrow", "Waiting Ltd", "Quiet Ltd", ">Bad<") if name in page]


@pytest.mark.parametrize("results_from", ["close", "outcome"])
def test_sealed_is_sealed_in_every_byte(results_from):
    case = make_case(results_from=results_from)
    first = many(case, 8, {"one": "one-yes", "long": "Secret"}, state="published")
    for one in first:
        one.answers.update(state="published")
    count(case)
    before = [read(case), read(case, "answers/"), read(case, "answers/", question="q-one")]
    answer = first[0].answers.get(question__block_id="long")
    read(case, f"{answer.public_id}/", status=404)
    for name in ("figures.csv", "answers.csv"):
        assert "Secret" not in read(case, name, status=409)
    for one in first:
        one.answers.get(question__block_id="one").choices.update(
            option=case.questionnaire.questions.get(block_id="one").options.last()
        )
        one.answers.filter(question__block_id="long").update(text="Another, longer text")
    count(case)
    clean = re.compile(r"<time.*?</time>")
    after = [read(case), read(case, "answers/"), read(case, "answers/", question="q-one")]
    assert [clean.sub("", one) for one in before] == [clean.sub("", one) for one in after]
    assert "Secret" not in "".join(before)


def test_planted_markup_and_formulas_do_nothing(case):
    question = case.questionnaire.questions.get(block_id="one")
    question.title = {"en": PLANTED}
    question.save()
    question.options.update(label={"en": PLANTED})
    many(case, 6, {"one": "one-yes"})
    public = {"state": "published", "text_state": "published"}
    make_response(
        case.questionnaire,
        {"long": PLANTED},
        organisation=PLANTED,
        signature_state="published",
        **public,
    )
    for text in FORMULAS:
        make_response(case.questionnaire, {"long": text}, **public)
    count(case)
    answer = Contribution.objects.filter(kind="response").last().response.answers.first()
    for rest in ("", "answers/", f"{answer.public_id}/"):
        page = read(case, rest)
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    cells = [cell for row in rows_of(read(case, "answers.csv")) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "＝", ";"))]


def test_the_same_queries_for_one_and_many_and_the_same_bytes_for_all(case):
    found = []
    for number in (1, 49):
        many(
            case,
            number,
            {"one": "one-yes", "long": "As it is", "scale": 3},
            state="published",
            text_state="published",
            organisation="A Society",
            signature_state="published",
        )
        count(case)
        counted = []
        for rest in ("", "answers/", "answers/?option=q-one:one-yes", "figures.csv"):
            cache.clear()
            with CaptureQueriesContext(connection) as queries:
                Client().get(f"/en/e/{case.engagement.public_id}/said/{rest}")
            counted.append(len(queries))
        found.append(counted)
    assert found[0] == found[1]
    assert max(found[0]) <= 20
    officer = Client()
    officer.force_login(case.officer, backend="accounts.backends.AccountBackend")
    cache.clear()
    mine = officer.get(f"/en/e/{case.engagement.public_id}/said/answers/").content
    cache.clear()
    assert mine.decode() == read(case, "answers/")


def kept(case, rest=""):
    """What the second reader gets: the first one's page, without a question to the database."""
    first = read(case, rest)
    with CaptureQueriesContext(connection) as queries:
        assert read(case, rest) == first
    assert len(queries) == 0, rest
    return first


def test_a_kept_page_goes_with_a_new_count(case, django_capture_on_commit_callbacks):
    many(case, 6, {"one": "one-yes"})
    count(case)
    assert "6 responses count" in kept(case)
    assert "6" in kept(case, "figures.csv")
    many(case, 1, {"one": "one-yes"})
    # Not counted yet: the page stands, and says what it counted.
    assert "6 responses count" in kept(case)
    with django_capture_on_commit_callbacks(execute=True):
        keep_figures(questionnaire=case.questionnaire)
    assert "7 responses count" in kept(case)
    assert "6 responses count" not in kept(case)
    assert ",7," in kept(case, "figures.csv") or ",7\r" in kept(case, "figures.csv")


def test_a_kept_page_goes_with_a_decision_and_a_withdrawal(
    case, django_capture_on_commit_callbacks
):
    author = make_citizen()

    def moderate(verdict, rule=""):
        item = Item.objects.get(kind="answer")
        last = moderation.last_decision(item.kind, item.target_id)
        with django_capture_on_commit_callbacks(execute=True):
            moderation.decide(
                item=item,
                verdict=verdict,
                rule=rule,
                version=item.version,
                by=make_moderator(),
                after=last.public_id if last else "",
            )

    case.engagement.moderation_policy = "before"
    case.engagement.save()
    with django_capture_on_commit_callbacks(execute=True):
        receipt = submit_response(
            questionnaire=case.questionnaire,
            answers={"one": {"option": "one-yes"}, "long": "Shade on the pier."},
            person=author.person,
            account=author,
            publish_choice="name",
        )
        keep_figures(questionnaire=case.questionnaire)
    assert "Shade on the pier." not in kept(case, "answers/")
    address = f"{Answer.objects.exclude(text='').get().public_id}/"
    moderate("publish")
    assert "Shade on the pier." in kept(case, "answers/")
    assert "Shade on the pier." in kept(case, address)
    assert "Shade on the pier." in kept(case, "answers.csv")
    moderate("withhold", "r1")
    for rest in ("answers/", "answers.csv", address):
        assert "Shade on the pier." not in kept(case, rest), rest
    moderate("publish")
    assert "Shade on the pier." in kept(case, "answers/")
    assert "Shade on the pier." in kept(case, address)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_contribution(
            contribution=Contribution.objects.get(receipt=receipt),
            person=author.person,
            account=author,
        )
    for rest in ("answers/", "answers.csv"):
        assert "Shade on the pier." not in kept(case, rest), rest
    gone = Client().get(f"/en/e/{case.engagement.public_id}/said/{address}")
    assert "Shade on the pier." not in gone.content.decode()


def test_nothing_asked_and_nothing_received(case):
    assert "counted in the background" in read(case)
    count(case)
    assert "Nobody has answered this yet" in read(case)
    assert "No written answer has been published yet" in read(case, "answers/")
    case.questionnaire.published_at = None
    case.questionnaire.save()
    cache.clear()
    assert "Answers to the questions" not in read(case)
    read(case, "answers/", status=404)
    read(case, "figures.csv", status=404)
    case.engagement.state = "withdrawn"
    case.engagement.save()
    cache.clear()
    read(case, status=404)
