"""The System Usability Scale of a round: asked by one choice, scored, compared between builds."""

from __future__ import annotations

import pytest

from consultations.actions.paper import publish_paper
from core.exceptions import Invalid
from crowdtasks.products.figures import figures_of, usability_difference
from crowdtasks.products.measures import mean_interval
from crowdtasks.products.models import Round
from crowdtasks.products.sus import key_of, scores_of
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import load_definition, questionnaire_of
from tests.factories.products import (
    begin,
    build,
    builds_of,
    edit,
    make_product,
    make_round,
    round_questions,
    tell,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]

#: A worked example (Brooke 1996, page 192, scores 22 points times 2.5): 55.
BROOKE = [5, 4, 2, 1, 2, 3, 2, 4, 5, 2]


def _answered(row: Round, answers: list[int]) -> None:
    """A try that was handed in with these answers, in order; fewer leave the last ones out."""
    attempt = begin(row)
    tell(attempt)
    said = {key_of(item): number for item, number in enumerate(answers, start=1)}
    assert attempt.draft is not None
    save_draft(draft=attempt.draft, values={"again": {"option": "yes"}, **said})
    submit_response(draft=attempt.draft, person=None, account=None)


def test_one_choice_adds_ten_statements_in_three_languages(client) -> None:
    _page, row = make_round(asks_sus=True)
    definition = load_definition(questionnaire_of(row.engagement))
    asked = [one for one in definition.questions() if one.key.startswith("sus-") and one.number]
    assert [one.number for one in asked] == list(range(3, 13))
    assert asked[0].title["en"] == "I think that I would like to use this system frequently."
    assert all(set(one.title) == {"en", "zh-hant", "zh-hans"} for one in asked)
    client.post(f"/en/e/{row.engagement.public_id}/try/")
    shown = client.get(f"/zh-hant/e/{row.engagement.public_id}/try/questions/").content.decode()
    assert "我覺得這個系統容易使用。" in shown
    assert "非常同意" in shown


def test_it_may_be_all_that_is_asked_and_stays_once_answered() -> None:
    page, row = make_round(asks_sus=True, questions=[])
    attempt = begin(row)
    tell(attempt)
    assert attempt.draft is not None
    save_draft(draft=attempt.draft, values={key_of(1): 3})
    submit_response(draft=attempt.draft, person=None, account=None)
    edit(page, asks_sus=False, questions=round_questions())
    with pytest.raises(Invalid) as refused:
        publish_paper(page=page, by=None)
    assert refused.value.field == "questions"


def test_brookes_example_and_what_was_left_out() -> None:
    _page, row = make_round(asks_sus=True)
    _answered(row, BROOKE)
    _answered(row, [3] * 9)
    assert scores_of(row) == [55.0]
    assert figures_of(row).usability is None


def test_two_builds_are_compared_by_score(client) -> None:
    _page, product = make_product(builds=[build("1"), build("2")])
    first, second = builds_of(product)
    dates = {"closes": 4000, "results_from": "live"}
    rounds = [
        make_round(build=first, asks_sus=True, opens=-9, **dates)[1],
        make_round(build=second, asks_sus=True, opens=-1, **dates)[1],
    ]
    for row, odd in zip(rounds, ((3, 3, 4, 2, 3), (5, 4, 4, 5, 4)), strict=True):
        for high in odd:
            _answered(row, [high, 2] * 5)
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
