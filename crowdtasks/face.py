"""The campaign as the desk knows it: what it needs, what it refuses, what publishing writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Account
from core import clock
from core.exceptions import Invalid
from crowdtasks.actions.campaign import KIND, least_level, schedule_of, write_campaign
from crowdtasks.asked import definition_of_page, faults_of
from crowdtasks.face_reward import check_announced, reward_step
from crowdtasks.face_shared import contact_step, no_headings, stands, summary_step
from crowdtasks.ledger.reading import budget_of
from crowdtasks.models import Campaign, CampaignPage, ReviewRule
from crowdtasks.tree import ensure_section
from participation import faces
from participation.actions.rules import has_opened
from participation.faces import Step, step
from participation.models import Engagement
from questionnaires import flow
from questionnaires.blocks import limit_of
from questionnaires.editing import outline

#: The translated fields in the order of the desk.
ORDER = ("title", "summary", "about", "questions", "contact", "cover_alt", "rules_reason")
#: Longer than this, few finish (ux.md, evidence): the editor is warned.
LONG_MINUTES = 10


def check(draft: CampaignPage, engagement: Engagement | None) -> None:
    """Refuse questions that do not hold together, and rules that contradict one another or what
    people began under. Raises ``Invalid``.
    """
    for fault in faults_of(draft, unfinished=False):
        raise Invalid(
            fault.sentence, field="questions", code="questions", data={"question": fault.question}
        )
    if int(draft.answer_level) < least_level(draft):
        raise Invalid(
            _("Where there are places, whoever takes one must have confirmed an e-mail."),
            field="answer_level",
        )
    if draft.is_poll and draft.review_rule != ReviewRule.AUTOMATIC:
        raise Invalid(
            _("A poll is done at once: only what looks odd is looked at."), field="review_rule"
        )
    if draft.is_poll and draft.hold_days:
        raise Invalid(
            _("A poll pays at once: its points can be spent as soon as it is answered."),
            field="hold_days",
        )
    if draft.reward and draft.places is None:
        raise Invalid(
            _("A reward needs a number of places: the whole cost is set aside at the start."),
            field="places",
        )
    if engagement is not None and has_opened(engagement, clock.now()):
        _check_opened(draft, engagement)


def _check_opened(draft: CampaignPage, engagement: Engagement) -> None:
    """What people began under stands; places may be added."""
    standing = Campaign.objects.filter(engagement=engagement).first()
    if standing is None:
        return
    if int(draft.answer_level) != engagement.levels.get("answer"):
        raise Invalid(
            _("It has opened; who may answer can no longer change."), field="answer_level"
        )
    if draft.kind != standing.kind:
        raise Invalid(_("It has opened; it stays what it is."), field="kind")
    check_announced(reward=draft.reward, most=draft.places, standing=standing, field="places")
    if draft.places is None and standing.places is not None:
        raise Invalid(_("It has opened with a number of places, so it keeps one."), field="places")
    if standing.places is not None and draft.places and draft.places < standing.places:
        raise Invalid(
            _("It has opened with %(places)d places: there can be more, but not fewer.")
            % {"places": standing.places},
            field="places",
        )
    if standing.places is None and draft.places is not None:
        raise Invalid(
            _("It has opened without a number of places, so it takes none."), field="places"
        )


def finish(draft: CampaignPage) -> None:
    """Refuse what may not be published unfinished. Raises ``Invalid``."""
    for fault in faults_of(draft, unfinished=True):
        raise Invalid(fault.sentence, field="questions", data={"question": fault.question})
    if not flow.asked(definition_of_page(draft)):
        raise Invalid(_("There is no question yet."), field="questions")
    if not draft.is_poll and not draft.about.strip():
        raise Invalid(_("Say why you ask and what you do with the answers."), field="about")


def content_steps(draft: CampaignPage, engagement: Engagement | None) -> Iterator[Step]:
    """What a campaign's own content needs; the desk adds dates, rules and languages."""
    yield summary_step(draft, _("Say in three sentences what is asked and of whom."))
    yield step(
        "about",
        _("What it is about"),
        "about",
        done=bool(draft.about.strip()),
        wanted=_("Say why you ask and what you do with the answers."),
        must=not draft.is_poll,
    )
    yield _questions(draft)
    if draft.reward:
        standing = Campaign.objects.filter(engagement=engagement).first() if engagement else None
        cost = draft.reward * (draft.places or 0)
        yield reward_step(bureau=draft.bureau, cost=cost, standing=standing)
    yield contact_step(draft)


def _questions(draft: CampaignPage) -> Step:
    label, definition = _("Questions"), definition_of_page(draft)
    faults = faults_of(draft, unfinished=True)
    wanted = faults[0].sentence if faults else _("There is no question yet.")
    if faults or not flow.asked(definition):
        return step("questions", label, "questions", done=False, wanted=wanted)
    minutes = flow.minutes(definition)
    return step(
        "questions",
        label,
        "questions",
        done=minutes <= LONG_MINUTES,
        wanted=_("It takes over ten minutes, and few people finish that. Ask less."),
        must=False,
    )


def longest(path: str) -> int | None:
    """How long a translated piece may be."""
    return limit_of(path) if path.partition(".")[0] == "questions" else None


def review(draft: CampaignPage) -> dict[str, Any]:
    """What the approver reads of a version."""
    definition = definition_of_page(draft)
    return {
        "cost": draft.reward * (draft.places or 0),
        "budget": budget_of(draft.bureau) if draft.reward else 0,
        "minutes": flow.minutes(definition),
        "questions": outline(definition, draft.language),
    }


def write(
    *,
    engagement: Engagement,
    opening: Mapping[str, CampaignPage],
    source: str,
    by: Account | None,
) -> None:
    """Everything that publishing a campaign writes beside its engagement."""
    write_campaign(engagement=engagement, opening=opening, source=source, by=by)


def office_links(engagement: Engagement) -> Iterable[tuple[str | Promise, str]]:
    """The campaign in numbers, and what an officer has to look at."""
    yield (
        gettext_lazy("The poll or survey in numbers"),
        reverse("crowdtasks:desk", args=[engagement.public_id]),
    )
    yield (
        gettext_lazy("Responses to be looked at"),
        reverse("crowdtasks:review", args=[engagement.public_id]),
    )


def register() -> None:
    """Called from ``ready()``."""
    faces.register(
        faces.Face(
            kind=KIND,
            page_class=CampaignPage,
            title=gettext_lazy("Poll or survey"),
            new_title=gettext_lazy("New poll or survey"),
            index="tasks/",
            index_title=gettext_lazy("All that can be done now"),
            sections=ensure_section,
            steps=content_steps,
            check=check,
            finish=finish,
            schedule=schedule_of,
            write=write,
            order=ORDER,
            longest=longest,
            headings=no_headings,
            public_headings=no_headings,
            review_template="crowdtasks/desk/review_campaign.html",
            review=review,
            stands=stands,
            links=office_links,
            streams=frozenset({"questions"}),
            takes_comments=False,
            takes_weeks=False,
            words=faces.Words(
                noun=gettext_lazy("task"),
                back=gettext_lazy("Back to the task"),
                follow=gettext_lazy("Follow this task"),
                whole=gettext_lazy("The whole task"),
                open=pgettext_lazy("of a task", "Open"),
            ),
        )
    )
