"""Loading the room's part through the same actions that officers and citizens use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from accounts.models import Bureau
from ideas.actions.contest import KIND
from ideas.actions.ideas import edit_idea, submit_idea
from ideas.actions.jury import appoint_juror
from ideas.models import Category, Idea, IdeaTag
from participation import faces
from participation.actions.comments import submit_comment
from participation.demo import Part, Scene
from participation.models import Engagement

from .awarded import MARKET
from .data import BOX, CONTACT, SHADE, Both, ContestData, Said
from .ending import end
from .judged import STAIRS
from .voted import VOTED
from .voting import let_vote, vote_fields

CONTESTS = (SHADE, BOX, STAIRS, *VOTED, MARKET)

#: Days between the first draft and the opening.
DRAFTED = 10
#: Who judges; one of the demonstration's accounts.
JUROR = "juror@demo.example"


def load(scene: Scene, tell: Callable[[str], None]) -> None:
    """Draft, translate and publish the contests; then people hand in ideas and talk of them."""
    for data in CONTESTS:
        tell(f"  {data.title.en}")
        engagement = _publish(data, scene)
        for said in data.ideas:
            _say(said, engagement, scene)
        if data.vote is not None:
            let_vote(data, data.vote, engagement, scene)
        if data.result is not None:
            end(data, data.result, engagement, scene)
        elif data.jury:
            _seat(data, engagement, scene)


def _publish(data: ContestData, scene: Scene) -> Engagement:
    by = scene.crowd.officer_of(data.bureau)
    standing = data.closes == 0
    fields: dict[str, Any] = {
        "summary": data.summary.en,
        "brief": f"<p>{data.brief.en}</p>",
        "eligibility": data.eligibility.en,
        "terms": data.terms.en,
        "prizes": data.prizes.en if data.prizes else "",
        "contact": CONTACT.en,
        "standing": standing,
        "opens_on": scene.days.date(data.opens),
        "closes_on": None if standing else scene.days.date(data.closes),
        "jury_closes_on": scene.days.date(data.jury) if data.jury else None,
        "response_due": None if standing else scene.days.date(data.closes + data.result_after),
        "criteria": [
            _block(
                data, "criterion", place, {"name": name.en, "detail": detail.en, "weight": weight}
            )
            for place, (name, detail, weight) in enumerate(data.criteria, start=1)
        ],
        "categories": [
            _block(data, "category", place, name.en)
            for place, name in enumerate(data.categories, start=1)
        ],
        "links": [
            _block(data, "link", place, {"label": label.en, "url": url})
            for place, (label, url) in enumerate(data.links, start=1)
        ],
        **vote_fields(data.vote, scene),
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
    return Engagement.objects.select_related("owner", "contest").get(pk=engagement.pk)


def _block(data: ContestData, kind: str, place: int, value: Any) -> dict[str, Any]:
    key = uuid5(NAMESPACE_URL, f"{data.slug}:{kind}:{place}")
    return {"type": kind, "id": str(key), "value": value}


def _chinese(data: ContestData) -> dict[str, str]:
    texts: list[Both] = [
        data.title,
        data.summary,
        data.brief,
        data.eligibility,
        data.terms,
        CONTACT,
        *data.categories,
        *(label for label, _url in data.links),
    ]
    if data.prizes:
        texts.append(data.prizes)
    for name, detail, _weight in data.criteria:
        texts += [name, detail]
    return {text.en: text.zh for text in texts}


def _say(said: Said, engagement: Engagement, scene: Scene) -> None:
    speaker = scene.crowd.speakers[said.who]
    moment = scene.days.at(-said.days_ago, 11 + said.days_ago % 9, 20)
    with scene.on(moment):
        receipt = submit_idea(
            engagement=engagement,
            person=speaker.person,
            account=speaker.account,
            title=said.title,
            text=said.text,
            language=said.language,
            display_name=speaker.name,
        )
        idea = Idea.objects.select_related("contribution").get(pk=receipt.contribution_id)
        idea.engagement = idea.contribution.engagement = engagement
        if said.category or said.tags or said.district:
            idea = edit_idea(
                idea=idea,
                person=speaker.person,
                account=speaker.account,
                title=said.title,
                text=said.text,
                category=_category(engagement, said.category),
                tags=said.tags,
                district=said.district,
                place=said.place,
                version=1,
            )
    if said.waits:
        return
    with scene.on(moment + dt.timedelta(minutes=50)):
        scene.clear(idea.contribution)
    for place, comment in enumerate(said.comments, start=1):
        _comment(scene, idea, comment, moment + dt.timedelta(hours=5 * place))


def _seat(data: ContestData, engagement: Engagement, scene: Scene) -> None:
    """The demonstration's juror has a seat; what to score waits on the jury desk."""
    with scene.on(scene.days.at(data.closes - 1, 15)):
        appoint_juror(
            engagement=engagement,
            email=JUROR,
            by=scene.crowd.officer_of(data.bureau),
            language="en",
        )


def _category(engagement: Engagement, place: int) -> str:
    row = Category.objects.filter(contest=engagement.pk, order=place).first() if place else None
    return row.key if row else ""


def _comment(
    scene: Scene, idea: Idea, said: tuple[str, str, str, str], moment: dt.datetime
) -> None:
    who, language, side, text = said
    speaker = scene.crowd.speakers[who]
    idea.thread.refresh_from_db()
    with scene.on(min(moment, scene.days.at(0, 23))):
        receipt = submit_comment(
            engagement=idea.engagement,
            thread=idea.thread,
            person=speaker.person,
            account=speaker.account,
            text=text,
            language=language,
            publish_choice="name",
            side=side,
            display_name=speaker.name,
        )
        scene.clear(receipt.contribution)


def tidy() -> None:
    """Tags that no idea has any more."""
    IdeaTag.objects.filter(tagged__isnull=True).delete()


PART = Part(tuple(data.slug for data in CONTESTS), load, tidy)
