"""How a contest of the demonstration ended: judged, drawn up, approved, followed through."""

from __future__ import annotations

from core.simplified import to_simplified
from ideas.actions.judging import criteria_of, declare_interests, save_judgement, submit_sheet
from ideas.actions.jury import appoint_juror
from ideas.actions.jury_result import close_jury
from ideas.actions.result import decide_place, draw_result
from ideas.actions.status import change_status
from ideas.models import Idea
from participation.actions.outcomes import approve_outcome, save_outcome, submit_outcome
from participation.demo import Scene
from participation.models import Engagement

from .data import Both, ContestData, ResultData


def end(data: ContestData, ended: ResultData, engagement: Engagement, scene: Scene) -> None:
    """Everything after the vote, in its order, by those whose work it is."""
    ideas = list(
        engagement.ideas.filter(is_public=True)
        .select_related("contribution")
        .order_by("received_at")
    )
    _judge(data, ended, engagement, ideas, scene)
    by, approver = scene.crowd.officer_of(data.bureau), scene.crowd.approver_of(data.bureau)
    with scene.on(scene.days.at(ended.published - 4)):
        close_jury(engagement=engagement, by=by)
        draw_result(engagement=engagement, by=by)
        for given in ended.given:
            decide_place(
                engagement=engagement,
                idea=ideas[given.idea].contribution.public_id,
                distinction=given.distinction,
                prize=_texts(given.prize) if given.prize else {},
                reason=_texts(given.reason),
                by=by,
            )
        save_outcome(engagement=engagement, text=_texts(ended.answer), by=by)
        submit_outcome(engagement=engagement, by=by)
    with scene.on(scene.days.at(ended.published, 15)):
        approve_outcome(engagement=engagement, by=approver)
    for step in ended.steps:
        with scene.on(scene.days.at(step.day, 11)):
            idea = Idea.objects.get(pk=ideas[step.idea].pk)
            change_status(
                idea=idea,
                status=step.status,
                sentence=step.sentence,
                language=step.language,
                by=by,
                known=idea.status,
            )


def _judge(
    data: ContestData,
    ended: ResultData,
    engagement: Engagement,
    ideas: list[Idea],
    scene: Scene,
) -> None:
    keys = [row.block_id for row in criteria_of(engagement.contest)]
    for number, (account, marks) in enumerate(
        zip(scene.crowd.jurors(), ended.marks, strict=True), start=1
    ):
        with scene.on(scene.days.at(data.jury - 8, 9 + number)):
            juror = appoint_juror(
                engagement=engagement,
                email=account.email,
                by=scene.crowd.officer_of(data.bureau),
                language="en",
            )
        with scene.on(scene.days.at(data.jury - number, 14)):
            declare_interests(juror=juror, ideas=[], by=account)
            for idea, given in zip(ideas, marks, strict=True):
                save_judgement(
                    juror=juror,
                    idea=idea,
                    marks=dict(zip(keys, given, strict=True)),
                    language="en",
                    by=account,
                )
            submit_sheet(juror=juror, by=account)


def _texts(text: Both) -> dict[str, str]:
    return {"en": text.en, "zh-hant": text.zh, "zh-hans": to_simplified(text.zh)}
