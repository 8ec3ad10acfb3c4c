"""Acts of the room's part, through the same actions that officers and citizens use.

In which order they come is told above, where volunteers and findings are known (``panel.demo``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Account, Bureau
from core.simplified import to_simplified
from crowdtasks.products import sus
from crowdtasks.products.actions import product
from crowdtasks.products.actions import round as rounds
from crowdtasks.products.actions.trying import EASIEST, answer_step, begin_attempt, show_step
from crowdtasks.products.measures import SUS_ITEMS
from crowdtasks.products.models import Attempt, Build, Round, WhoTries
from participation import faces, outcome_targets
from participation.actions.follows import follow_engagement
from participation.actions.outcome_items import ItemText, add_items, save_item
from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
from participation.demo import Scene
from participation.models import Engagement, Verdict
from questionnaires.actions.drafts import save_draft
from questionnaires.actions.responses import submit_response
from questionnaires.loading import questionnaire_of

from .data import (
    AGAIN,
    BETTER,
    CONTACT,
    NO,
    PERHAPS,
    QUESTIONS_TITLE,
    SEATS,
    YES,
    Both,
    BuildData,
    ProductData,
    RoundData,
    StepData,
    TryData,
)

#: Days between the first draft and the opening, and from the close to the promised answer.
DRAFTED, ANSWERED = 3, 40
#: Seconds somebody needs to read on, between two steps.
PAUSE = 5
#: The highest step of the scale of the ten statements.
HIGHEST = 5


def make_product(data: ProductData, scene: Scene) -> Any:
    page = _begin(
        scene,
        kind=product.KIND,
        slug=data.slug,
        day=data.opens,
        title=data.title,
        fields={
            "summary": data.summary.en,
            "about": f"<p>{data.about.en}</p>",
            "contact": CONTACT.en,
            "opens_on": scene.days.date(data.opens),
            "builds": [_build(data, data.builds[0], scene)],
        },
        texts=_texts_of(data, data.builds[:1]),
    )
    with scene.on(scene.days.at(data.opens, 16)):
        follow_engagement(
            engagement=page.engagement, account=scene.crowd.speakers["citizen"].account
        )
    return page


def _begin(
    scene: Scene,
    *,
    kind: str,
    slug: str,
    day: int,
    title: Both,
    fields: dict[str, Any],
    texts: Iterable[Both],
) -> Any:
    """Draft a page three days before, publish it on the day; the page as it is then."""
    by = scene.crowd.officer_of(SEATS.bureau)
    chinese = {text.en: text.zh for text in (title, CONTACT, *texts) if text.en}
    with scene.on(scene.days.at(day - DRAFTED)):
        page = faces.start(
            kind=kind,
            bureau=Bureau.objects.get(code=SEATS.bureau),
            title=title.en,
            source_language="en",
            by=by,
            translation_key=uuid5(NAMESPACE_URL, scene.source(slug)),
            slug=slug,
            fields=fields,
            translator=chinese.get,
        )
    Engagement.objects.filter(pk=page.engagement.pk).update(import_source=scene.source(slug))
    with scene.on(scene.days.at(day, 9)):
        page.refresh_from_db()
        faces.publish(page=page, by=by)
    page.refresh_from_db()
    return page


def _build(data: ProductData, build: BuildData, scene: Scene) -> dict[str, Any]:
    return {
        "type": "build",
        "id": str(uuid5(NAMESPACE_URL, f"{data.slug}:{build.version}")),
        "value": {
            "version": build.version,
            "released_on": scene.days.date(build.made).isoformat(),
            "link": build.link,
            "document": None,
            "to_try": build.to_try.en,
            "known_issues": build.known_issues.en,
            "changes": build.changes.en,
        },
    }


def _texts_of(data: ProductData, builds: Iterable[BuildData]) -> list[Both]:
    texts = [data.summary, data.about]
    for build in builds:
        texts += [build.to_try, build.known_issues, build.changes]
    return texts


def add_builds(page: Any, data: ProductData, scene: Scene) -> None:
    by = scene.crowd.officer_of(data.bureau)
    chinese = {text.en: text.zh for text in _texts_of(data, data.builds) if text.en}
    with scene.on(scene.days.at(data.builds[-1].made)):
        faces.revise(
            page=page,
            fields={"builds": [_build(data, build, scene) for build in data.builds]},
            by=by,
            translator=chinese.get,
        )
        faces.publish(page=page, by=by)
    page.refresh_from_db()


# --- rounds -------------------------------------------------------------------------------------


def make_round(data: RoundData, engagement: Engagement, scene: Scene) -> Round:
    """Publish a round of one build on the day it opens."""
    fields = {
        "summary": data.summary.en,
        "about": f"<p>{data.about.en}</p>",
        "contact": CONTACT.en,
        "opens_on": scene.days.date(data.opens),
        "closes_on": scene.days.date(data.closes),
        "response_due": scene.days.date(data.closes + ANSWERED),
        "build": Build.objects.get(product=engagement.pk, version=data.version),
        "steps": [_step(data, one) for one in SEATS.steps],
        "questions": [_questions(data)],
        "who": WhoTries.INVITED if data.invited else WhoTries.ANYONE,
        "asks_sus": data.invited,
        "reward": data.reward,
        "reward_places": data.places,
        "hold_days": data.hold_days,
    }
    texts = [data.summary, data.about, QUESTIONS_TITLE, AGAIN, YES, PERHAPS, NO, BETTER]
    for one in SEATS.steps:
        texts += [one.title, one.task]
    page = _begin(
        scene,
        kind=rounds.KIND,
        slug=data.slug,
        day=data.opens,
        title=data.title,
        fields=fields,
        texts=texts,
    )
    return Round.objects.select_related("engagement__owner").get(engagement=page.engagement)


def _id(data: RoundData, *parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, ":".join(map(str, (data.slug, *parts)))))


def _step(data: RoundData, one: StepData) -> dict[str, Any]:
    value = {"title": one.title.en, "task": one.task.en}
    return {"type": "step", "id": _id(data, one.key), "value": value}


def _questions(data: RoundData) -> dict[str, Any]:
    options = [
        {"type": "option", "id": _id(data, "again", place), "value": {"label": label.en}}
        for place, label in enumerate((YES, PERHAPS, NO), start=1)
    ]
    questions = [
        {
            "type": "one",
            "id": _id(data, "again"),
            "value": {"title": AGAIN.en, "options": options},
        },
        {"type": "long", "id": _id(data, "better"), "value": {"title": BETTER.en}},
    ]
    value = {"title": QUESTIONS_TITLE.en, "intro": "", "questions": questions}
    return {"type": "section", "id": _id(data, "section"), "value": value}


def try_build(
    data: RoundData, place: int, row: Round, account: Account | None, scene: Scene
) -> tuple[Attempt, dt.datetime]:
    """Somebody tries the build, and how the steps went is said: each takes the time it took.

    The try with the moment from which it can be handed in (``hand_in``).
    """
    tried = data.tries[place]
    person = account.person if account else None
    questionnaire = questionnaire_of(row.engagement)
    if questionnaire is None:
        raise LookupError("Publishing wrote no questions.")
    moment = scene.days.at(tried.day, 10 + place % 9, 7 * place % 60)
    with scene.on(moment):
        attempt = begin_attempt(
            round=row, questionnaire=questionnaire, person=person, language=tried.language
        )
    steps = list(row.steps.filter(retired_at=None))
    for step, (went, seconds, ease) in zip(steps, tried.steps, strict=True):
        with scene.on(moment):
            show_step(attempt=attempt, step=step)
        moment += dt.timedelta(seconds=seconds)
        with scene.on(moment):
            answer_step(attempt=attempt, step=step, went=went, difficulty=ease, interrupted=False)
        moment += dt.timedelta(seconds=PAUSE)
    return attempt, moment


def hand_in(data: RoundData, place: int, attempt: Attempt, account: Account | None) -> None:
    """The last questions are answered at the moment of the clock; whoever was invited answers the
    ten statements too."""
    tried, draft = data.tries[place], attempt.draft
    person = account.person if account else None
    if draft is None:
        raise LookupError("A try that was begun has a draft.")
    values: dict[str, Any] = {}
    for key, given in tried.answers.items():
        values[_id(data, key)] = (
            {"option": _id(data, key, given)} if isinstance(given, int) else given
        )
    if data.invited and account is not None:
        values |= _usability(tried, place)
    save_draft(draft=draft, values=values, person=person)
    submit_response(draft=draft, person=person, account=account, language=tried.language)


def _usability(tried: TryData, place: int) -> dict[str, int]:
    """The ten statements as somebody says who found the steps that easy: the odd ones praise."""
    ease = sum(step[2] for step in tried.steps) / len(tried.steps)
    praise = 1 + round((ease - 1) * (HIGHEST - 1) / (EASIEST - 1))
    said = {}
    for item in range(1, SUS_ITEMS + 1):
        step = praise if item % 2 else HIGHEST + 1 - praise
        # Nobody says quite the same of all ten.
        if (item + place) % 4 == 0:
            step += 1 if step < HIGHEST else -1
        said[sus.key_of(item)] = step
    return said


def answer(data: RoundData, text: Both, engagement: Engagement, scene: Scene) -> None:
    """What was learned and what changes: written by one officer, approved by another."""
    by = scene.crowd.officer_of(SEATS.bureau)
    with scene.on(scene.days.at(data.answered - 2)):
        save_outcome(engagement=engagement, text=_texts(text), by=by)
        known = outcome_targets.targets_of(engagement)
        questions = [target for target in known if target[0] == "question"]
        items = add_items(engagement=engagement, targets=questions, by=by)
        for item, given in zip(items, data.answers, strict=True):
            save_item(
                engagement=engagement,
                item=item.public_id,
                text=ItemText(
                    asked=item.asked,
                    said=_texts(given.said),
                    verdict=Verdict.ADOPTED,
                    decided=_texts(given.decided),
                    why=_texts(given.why),
                ),
                revision=None,
                by=by,
            )
        submit_outcome(engagement=engagement, by=by)
    with scene.on(scene.days.at(data.answered)):
        approve_outcome(engagement=engagement, by=scene.crowd.approver_of(SEATS.bureau))


def _texts(text: Both) -> dict[str, str]:
    return {"en": text.en, "zh-hant": text.zh, "zh-hans": to_simplified(text.zh)}
