"""The System Usability Scale of a round: asked by one choice, scored, compared between builds."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from accounts.models import Account
from consultations.actions.paper import publish_paper
from core import clock
from core.exceptions import Invalid
from crowdtasks import integrity
from crowdtasks.listing import found, read_filters
from crowdtasks.panel.actions.planning import open_to_all
from crowdtasks.products.figures import figures_of, usability_difference
from crowdtasks.products.measures import mean_interval
from crowdtasks.products.models import Attempt, Award, Round, RoundPage
from crowdtasks.products.scale import expected_seconds
from crowdtasks.products.sus import key_of, scores_of
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import load_definition, questionnaire_of
from tests.factories.desk import make_officer
from tests.factories.ledger import fill_budget
from tests.factories.panel import make_invited, officer_of, taking_part, volunteers
from tests.factories.participation import make_citizen
from tests.factories.products import (
    begin,
    build,
    builds_of,
    edit,
    fields_of,
    hand_in,
    make_product,
    make_round,
    make_round_draft,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

BACKEND = "accounts.backends.AccountBackend"
#: A worked example (Brooke 1996, page 192, scores 22 points times 2.5): 55.
BROOKE = [5, 4, 2, 1, 2, 3, 2, 4, 5, 2]


def _answered(row: Round, answers: list[int], account: Account | None = None) -> Attempt:
    """A try that was handed in with these answers, in order; fewer leave the last ones out."""
    attempt = begin(row, account.person if account else None)
    tell(attempt)
    said = {key_of(item): number for item, number in enumerate(answers, start=1)}
    assert attempt.draft is not None
    save_draft(draft=attempt.draft, values={"again": {"option": "yes"}, **said})
    person = account.person if account else None
    submit_response(draft=attempt.draft, person=person, account=account)
    return attempt


def _invited(number: int = 5, **fields: Any) -> tuple[Round, list[Account]]:
    """A round with the scale, and so many volunteers who were drawn and accepted."""
    accounts = volunteers(number)
    row = make_invited(asks_sus=True, **fields)
    taking_part(row, accounts)
    return row, accounts


def _asked(client: Client, row: Round, language: str = "en") -> str:
    """The last questions as this visit reads them; it has begun a try."""
    client.post(f"/{language}/e/{row.engagement.public_id}/try/")
    return client.get(f"/{language}/e/{row.engagement.public_id}/try/questions/").content.decode()


def test_one_choice_adds_ten_statements_in_three_languages(client) -> None:
    row, accounts = _invited()
    definition = load_definition(questionnaire_of(row.engagement))
    asked = [one for one in definition.questions() if one.key.startswith("sus-") and one.number]
    assert [one.number for one in asked] == list(range(3, 13))
    assert asked[0].title["en"] == "I think that I would like to use this system frequently."
    assert all(set(one.title) == {"en", "zh-hant", "zh-hans"} for one in asked)
    client.force_login(accounts[0], backend=BACKEND)
    shown = _asked(client, row, "zh-hant")
    assert "我覺得這個系統容易使用。" in shown
    assert "非常同意" in shown
    public = client.get(row.engagement.paths["en"]).content.decode()
    assert "Then 12 questions." in public


def test_it_is_not_added_once_answered_and_is_never_all_that_is_asked() -> None:
    build_of_product = builds_of(make_product()[1])[0]
    page = make_round_draft(build=build_of_product, who="invited", asks_sus=True, questions=[])
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"
    assert "a question of your own" in str(refused.value)
    account, *_others = accounts = volunteers(5)
    page, row = make_round(who="invited")
    taking_part(row, accounts)
    hand_in(row, account)
    edit(page, asks_sus=True)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"


def test_brookes_example_and_what_was_left_out() -> None:
    row, (one, other, *_others) = _invited()
    _answered(row, BROOKE, one)
    _answered(row, [3] * 9, other)
    assert scores_of(row) == [55.0]
    assert figures_of(row).usability is None


def test_two_builds_are_compared_by_score(client) -> None:
    _page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    dates = {"closes": 4000, "results_from": "live"}
    accounts = volunteers(5)
    rounds = [
        make_invited(build=first, asks_sus=True, opens=-9, **dates),
        make_invited(build=second, asks_sus=True, opens=-1, **dates),
    ]
    for row, odd in zip(rounds, ((3, 3, 4, 2, 3), (5, 4, 4, 5, 4)), strict=True):
        taking_part(row, accounts)
        for account, high in zip(accounts, odd, strict=True):
            _answered(row, [high, 2] * 5, account)
    before, after = (figures_of(row) for row in rounds)
    assert after.scores == [87.5, 75.0, 75.0, 87.5, 75.0]
    assert after.usability == mean_interval([87.5, 75.0, 75.0, 87.5, 75.0])
    found = usability_difference(before, after)
    assert found is not None
    assert found.value == pytest.approx(17.5)
    assert found.clear
    shown = client.get(f"/en/e/{rounds[1].engagement.public_id}/figures/").content.decode()
    assert "System Usability Scale" in shown
    assert "+17.5" in shown
    assert "drawn by lot from those who had come forward" in shown
    assert "Whoever comes by" not in shown


WHY = {
    "en": "for invited volunteers",
    "zh-hant": "只供獲邀的義工",
    "zh-hans": "只供获邀的义工",
}


@pytest.mark.parametrize("language", sorted(WHY))
def test_the_editor_refuses_it_in_an_open_round_and_loses_nothing(language) -> None:
    page = make_round_draft(by=make_officer())
    said = {
        "title": page.title,
        "slug": page.slug,
        "summary": "Typed just now.",
        "build": str(page.build_id),
        "about": rich_text("<p>Why.</p>"),
        "who": "anyone",
        "steps": streamfield([]),
        "questions": streamfield([]),
        "asks_sus": "on",
        "reward": "0",
        "hold_days": "0",
        "results_from": "live",
        "grace_minutes": "30",
        "moderation_policy": "before",
    }
    editor = RoundPage.get_edit_handler().get_form_class()
    given = {"instance": page, "parent_page": page.get_parent(), "for_user": make_officer()}
    with override(language):
        form = editor(nested_form_data(said), **given)
        assert list(form.errors) == ["asks_sus"]
        assert WHY[language] in form.errors["asks_sus"][0]
    assert form["summary"].value() == "Typed just now."
    assert form["asks_sus"].value()
    said["who"] = "invited"
    assert editor(nested_form_data(said), **given).is_valid()


def test_publishing_refuses_it_in_an_open_round() -> None:
    page = make_round_draft(asks_sus=True)
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "asks_sus"
    assert not Round.objects.exists()
    page, _row = make_round(who="invited", asks_sus=True)
    edit(page, who="anyone")
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "asks_sus"


def test_a_round_that_was_public_with_it_is_published_again_and_asks_nobody(client) -> None:
    page, row = make_round(who="invited", asks_sus=True)
    # As it was possible before.
    Round.objects.filter(pk=row.pk).update(who="anyone")
    edit(page, who="anyone", summary="Try it still.")
    publish_paper(page=page, by=None)
    assert "sus-" not in _asked(client, row)


def test_who_comes_by_when_it_was_opened_is_not_asked_it(client) -> None:
    bureau_round, (invited, *others) = _invited()
    open_to_all(round=bureau_round, account=officer_of(bureau_round))
    row = Round.objects.select_related("engagement__owner", "build").get(pk=bureau_round.pk)
    public = client.get(row.engagement.paths["en"]).content.decode()
    assert "Then 2 questions." in public
    shown = _asked(client, row)
    names = fields_of(row)
    assert names["again"] in shown
    assert "I found the system" not in shown
    # Not by way of the general pages of answering either, nor on the receipt.
    general = client.get(f"/en/e/{row.engagement.public_id}/answer/1/", follow=True)
    assert "I found the system" not in general.content.decode()
    for number in (1, 2):
        client.post(f"/en/e/{row.engagement.public_id}/try/{number}/", {"went": "done"})
    sent = {"seen": [names["again"], names["why"]], names["again"]: "yes"}
    done = client.post(f"/en/e/{row.engagement.public_id}/try/questions/", sent, follow=True)
    assert done.redirect_chain[-1][0].startswith("/en/receipts/")
    receipt = done.content.decode()
    assert "Would you use it again?" in receipt
    assert "I found the system" not in receipt
    # Who was invited is asked all of it, before and after; who did not accept came by.
    inside = Client()
    inside.force_login(invited, backend=BACKEND)
    assert "I found the system" in _asked(inside, row)
    outside = Client()
    outside.force_login(make_citizen(), backend=BACKEND)
    assert "I found the system" not in _asked(outside, row)
    for account in others:
        _answered(row, [4, 2] * 5, account)
    _answered(row, [5, 1] * 5, invited)
    assert figures_of(row).tried == 6
    assert len(figures_of(row).scores) == 5


def test_who_is_asked_less_is_not_taken_for_too_fast() -> None:
    accounts = volunteers(5)
    build_of_product = builds_of(make_product()[1])[0]
    fill_budget(build_of_product.product.engagement.owner, 100)
    row = make_invited(build=build_of_product, asks_sus=True, reward=10, reward_places=9)
    taking_part(row, accounts)
    open_to_all(round=row, account=officer_of(row))
    row = Round.objects.select_related("engagement__owner", "build").get(pk=row.pk)
    assert 0 < expected_seconds(row, None) < expected_seconds(row, accounts[0].person)
    least = integrity.FAST_SHARE * row.seconds
    assert integrity.FAST_SHARE * expected_seconds(row, None) < least - 1
    hand_in(row, minutes=(least - 1) / 60)
    assert Award.objects.get().flags == []
    hand_in(row, accounts[0], minutes=(least - 1) / 60)
    assert Award.objects.get(person=accounts[0].person).flags == ["fast"]


def test_a_round_that_was_opened_is_listed_with_what_can_be_done(client) -> None:
    row, _accounts = _invited()
    quick = read_filters(QueryDict("minutes=5"))
    assert row.engagement not in found(quick, clock.now())
    open_to_all(round=row, account=officer_of(row))
    assert row.engagement in found(quick, clock.now())
    page = client.get("/en/tasks/").content.decode()
    assert row.engagement.title["en"] in page
