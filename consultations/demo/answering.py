"""Responses to a paper's questions: drawn by chance, always the same, written in own words too."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

from accounts.models import Account
from moderation.actions import PUBLISH, WITHHOLD, decide
from moderation.models import Item, ItemState
from participation.models import Contribution, Engagement
from questionnaires import flow
from questionnaires.actions.responses import submit_response
from questionnaires.definition import Definition, QuestionDef
from questionnaires.loading import load_definition, questionnaire_of

from .days import Span, on
from .persons import Crowd, make_persons
from .shapes import Answered, Paper

#: How often somebody leaves a question out.
LEFT_OUT = 0.15
#: Every third takes the key questions alone.
SHORT_WAY = 3
LANGUAGES = ("zh-hant", "zh-hant", "en", "zh-hans")


class Answering:
    """Those who answer one paper's questions."""

    def __init__(
        self, paper: Paper, engagement: Engagement, crowd: Crowd, span: Span, chance: Random
    ) -> None:
        self.paper, self.engagement, self.crowd = paper, engagement, crowd
        self.span, self.random = span, chance

    @property
    def moderator(self) -> Account:
        return self.crowd.accounts["moderator"]

    def happen(self) -> None:
        """Each answers at a moment of their own; the first ones write what the paper gives them."""
        questionnaire = questionnaire_of(self.engagement)
        if questionnaire is None:
            raise LookupError(f"{self.paper.slug} asks nothing.")
        definition = load_definition(questionnaire)
        with on(self.span.start):
            people = make_persons(
                [f"respondent:{self.paper.slug}:{n}" for n in range(self.paper.responses)],
                self.engagement,
            )
        moments = self.span.spread(len(people))
        for number, (person, moment) in enumerate(zip(people, moments, strict=True)):
            written = self.paper.written[number] if number < len(self.paper.written) else None
            language = written.language if written else LANGUAGES[number % len(LANGUAGES)]
            route = flow.KEY if not written and number % SHORT_WAY == 0 else flow.WHOLE
            with on(moment):
                receipt = submit_response(
                    questionnaire=questionnaire,
                    answers=self._answers(definition, route, written),
                    route=route,
                    person=person,
                    account=None,
                    language=language,
                    **_signing(written),
                )
            if written and receipt.contribution is not None:
                self._read(receipt.contribution, written, moment)

    def _answers(
        self, definition: Definition, route: str, written: Answered | None
    ) -> dict[str, Any]:
        """Walk the questions as they are shown; own words go to the last question that asks any."""
        own = [one.key for one in definition.questions() if one.kind == "long"]
        answers: dict[str, Any] = {}
        for question in definition.questions():
            shown = {one.key for one in flow.shown(definition, answers, route)}
            if question.key not in shown:
                continue
            if question.kind == "long":
                if written and question.key == own[-1]:
                    answers[question.key] = written.text
            elif not answers or self.random.random() > LEFT_OUT:
                value = self._value(question)
                if value is not None:
                    answers[question.key] = value
        return answers

    def _value(self, question: QuestionDef) -> Any:
        keys = [each.key for each in question.options if not each.other]
        weights = [len(keys) + 1 - place for place in range(len(keys))]
        if question.kind == "one":
            return {"option": self.random.choices(keys, weights)[0]}
        if question.kind == "several":
            most = int(question.settings.get("most") or 2)
            alone = {each.key for each in question.options if each.alone}
            chosen = set(self.random.choices(keys, weights, k=most))
            if len(chosen) > 1:
                chosen -= alone
            return {"options": [key for key in keys if key in chosen]}
        if question.kind == "scale":
            return self.random.choices([1, 2, 3, 4, 5], [2, 2, 3, 4, 4])[0]
        if question.kind == "number":
            return str(self.random.choice([20, 21, 21, 22, 22, 23]))
        return None

    def _read(self, contribution: Contribution, written: Answered, since: dt.datetime) -> None:
        """What a moderator decided on the words and the name, if they are not waiting still."""
        if written.state == "held":
            return
        decided = self.span.after(since, least=30, most=600)
        ids = [*contribution.response.answers.values_list("public_id", flat=True)]
        for item in Item.objects.filter(
            target_id__in=[*ids, contribution.public_id], state=ItemState.WAITING
        ).order_by("pk"):
            withheld = written.state == "withheld" and item.kind == "answer"
            with on(decided):
                decide(
                    item=item,
                    verdict=WITHHOLD if withheld else PUBLISH,
                    rule="r1" if withheld else "",
                    version=item.version,
                    by=self.moderator,
                )


def _signing(written: Answered | None) -> dict[str, Any]:
    if written is None:
        return {}
    if written.organisation:
        return {
            "capacity": "organisation",
            "organisation": written.organisation,
            "publish_choice": "name",
        }
    return {"publish_choice": "alias", "alias": written.alias} if written.alias else {}
