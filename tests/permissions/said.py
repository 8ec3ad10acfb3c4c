"""What people said: everybody reads the same; sealed results are tried in their own tests."""

from __future__ import annotations

from typing import Any

from questionnaires.actions.counting import keep_figures
from questionnaires.models import Answer
from tests.factories.engagements import make_engagement
from tests.factories.reports import make_questionnaire, make_response
from tests.permissions.rows import Row, everyone
from tests.permissions.world import World


def _answer(world: World) -> Answer:
    if "said" not in world.things:
        survey = make_questionnaire(make_engagement(bureau=world.epd, results_from="live"))
        response = make_response(
            survey, {"long": "Longer hours."}, state="published", text_state="published"
        )
        keep_figures(questionnaire=survey)
        world.things["said"] = response.answers.get()
    return world.things["said"]


def _id(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _answer(world).question.questionnaire.engagement.public_id}


def _one(world: World, role: str) -> dict[str, Any]:
    return {**_id(world, role), "answer_id": _answer(world).public_id}


ROWS = [
    Row("said:page", "GET", everyone(200), kwargs=_id),
    Row("said:answers", "GET", everyone(200), kwargs=_id),
    Row("said:answer", "GET", everyone(200), kwargs=_one),
    Row("said:figures_csv", "GET", everyone(200), kwargs=_id),
    Row("said:answers_csv", "GET", everyone(200), kwargs=_id),
]
