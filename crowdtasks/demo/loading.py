"""Loading the room's part through the same actions that officers and citizens use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Bureau, Person
from core.ids import public_id
from crowdtasks.actions.campaign import KIND
from crowdtasks.actions.claims import claim_place
from crowdtasks.ledger.actions import grant_budget
from crowdtasks.models import Campaign
from participation import faces
from participation.demo import Part, Scene
from participation.models import Engagement
from questionnaires.actions.drafts import begin_draft, save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import questionnaire_of
from questionnaires.models import Questionnaire

from .data import (
    BUDGET_REASON,
    BUDGETS,
    CAMPAIGNS,
    CONTACT,
    AnswersData,
    AskedData,
    Both,
    CampaignData,
)

#: Days between the first draft and the opening, and from the close to the promised answer.
DRAFTED, ANSWERED = 8, 45
#: When the bureaux were given their budgets.
GRANTED = -90


def load(scene: Scene, tell: Callable[[str], None]) -> None:
    """Draft, translate and publish the poll and the survey; then people answer."""
    for data in CAMPAIGNS:
        tell(f"  {data.title.en}")
        campaign = _publish(data, scene)
        questionnaire = questionnaire_of(campaign.engagement)
        if questionnaire is None:
            raise LookupError("Publishing wrote no questions.")
        if data.chosen:
            _choose(data, campaign, questionnaire, scene)
        _answer(data, campaign, questionnaire, scene)
        if data.kind == "survey":
            with scene.on(scene.days.at(-1, 20)):
                person = scene.crowd.speakers["citizen"].person
                claim_place(campaign=campaign, person=person)


def grant_budgets(scene: Scene, tell: Callable[[str], None]) -> None:
    """Before anything is paid from them."""
    with scene.on(scene.days.at(GRANTED)):
        _grant_budgets(scene)


def _grant_budgets(scene: Scene) -> None:
    for code, points in BUDGETS.items():
        grant_budget(
            bureau=Bureau.objects.get(code=code),
            points=points,
            by=scene.crowd.accounts["admin"],
            reason=BUDGET_REASON,
            # A demonstration that was taken away has left its entries in the books.
            key=f"demo:{code}:{public_id()}",
        )


def _publish(data: CampaignData, scene: Scene) -> Campaign:
    by = scene.crowd.officer_of(data.bureau)
    fields: dict[str, Any] = {
        "kind": data.kind,
        "summary": data.summary.en,
        "about": f"<p>{data.about.en}</p>",
        "contact": CONTACT.en,
        "opens_on": scene.days.date(data.opens),
        "closes_on": scene.days.date(data.closes),
        "response_due": scene.days.date(data.closes + ANSWERED),
        "places": data.places,
        "claim_minutes": data.claim_minutes,
        "reward": data.reward,
        "hold_days": data.hold_days,
        "results_from": "close",
        "results_after_own": data.kind == "poll",
        "questions": [
            _section(data, place, title, asked)
            for place, (title, asked) in enumerate(data.sections, start=1)
        ],
    }
    with scene.on(scene.days.at(data.opens - DRAFTED)):
        page = faces.start(
            kind=KIND,
            bureau=Bureau.objects.get(code=data.bureau),
            title=data.title.en,
            source_language="en",
            by=by,
            translation_key=uuid5(NAMESPACE_URL, scene.source(data.slug)),
            slug=data.slug,
            fields=fields,
            translator=_chinese(data).get,
        )
    engagement = page.engagement
    Engagement.objects.filter(pk=engagement.pk).update(import_source=scene.source(data.slug))
    with scene.on(scene.days.at(data.opens - 2)):
        page.refresh_from_db()
        faces.publish(page=page, by=by)
    return Campaign.objects.select_related("engagement__owner").get(engagement=engagement)


def _id(data: CampaignData, *parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, ":".join(map(str, (data.slug, *parts)))))


def _section(
    data: CampaignData, place: int, title: Both, asked: tuple[AskedData, ...]
) -> dict[str, Any]:
    questions = [
        {
            "type": one.kind,
            "id": _id(data, one.key),
            "value": {"title": one.title.en, **_options(data, one)},
        }
        for one in asked
    ]
    value = {"title": title.en, "intro": "", "questions": questions}
    return {"type": "section", "id": _id(data, "section", place), "value": value}


def _options(data: CampaignData, asked: AskedData) -> dict[str, Any]:
    if not asked.options:
        return {}
    return {
        "options": [
            {
                "type": "option",
                "id": _id(data, asked.key, place),
                "value": {"label": label.en, "expected": place == asked.right},
            }
            for place, label in enumerate(asked.options, start=1)
        ]
    }


def _chinese(data: CampaignData) -> dict[str, str]:
    texts = [data.title, data.summary, data.about, CONTACT]
    for title, asked in data.sections:
        texts.append(title)
        for one in asked:
            texts += [one.title, *one.options]
    return {text.en: text.zh for text in texts}


def _choose(
    data: CampaignData, campaign: Campaign, questionnaire: Questionnaire, scene: Scene
) -> None:
    """People answer the poll's one question, over its first days."""
    key = data.sections[0][1][0].key
    speakers = [scene.crowd.speakers[name] for name in ("citizen", "citizen2")]
    neighbours = scene.voters(data.slug, sum(data.chosen) - len(speakers), campaign.engagement)
    people = [(one.person, one.account) for one in speakers]
    people += [(person, None) for person in neighbours]
    choices = [place for place, many in enumerate(data.chosen, start=1) for _each in range(many)]
    for number, ((person, account), choice) in enumerate(zip(people, choices, strict=True)):
        day = data.opens + 1 + number % -data.opens
        with scene.on(scene.days.at(min(day, 0), 8 + number % 12, number % 60)):
            submit_response(
                questionnaire=questionnaire,
                answers={_id(data, key): {"option": _id(data, key, choice)}},
                person=person,
                account=account,
                language="zh-hant" if number % 3 else "en",
            )


def _answer(
    data: CampaignData, campaign: Campaign, questionnaire: Questionnaire, scene: Scene
) -> None:
    """People answer the survey, each in the time it took."""
    people = scene.voters(f"{data.slug}-answers", len(data.responses), campaign.engagement)
    for place, (person, said) in enumerate(zip(people, data.responses, strict=True)):
        moment = scene.days.at(-said.days_ago, 9 + place, 10)
        _respond(data, said, questionnaire, person=person, moment=moment, scene=scene)


def _respond(
    data: CampaignData,
    said: AnswersData,
    questionnaire: Questionnaire,
    *,
    person: Person,
    moment: dt.datetime,
    scene: Scene,
) -> None:
    with scene.on(moment):
        draft = begin_draft(questionnaire=questionnaire, person=person, language=said.language)
        draft.questionnaire = questionnaire
        values = {_id(data, key): _value(data, key, given) for key, given in said.answers.items()}
        save_draft(draft=draft, values=values, person=person)
    with scene.on(moment + dt.timedelta(minutes=said.minutes)):
        submit_response(draft=draft, person=person, account=None, language=said.language)


def _value(data: CampaignData, key: str, given: Any) -> Any:
    """An answer as its kind keeps it."""
    kinds = {one.key: one.kind for _title, asked in data.sections for one in asked}
    if kinds[key] == "one":
        return {"option": _id(data, key, given)}
    if kinds[key] == "several":
        return {"options": [_id(data, key, place) for place in given]}
    return given


BUDGETS_PART = Part((), grant_budgets, lambda: None, order=10)
PART = Part(tuple(data.slug for data in CAMPAIGNS), load, lambda: None)
