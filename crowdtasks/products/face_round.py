"""The round as the desk knows it: what it needs, what it refuses, what publishing writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from core.exceptions import Invalid
from crowdtasks.face_reward import check_announced, reward_step
from crowdtasks.face_shared import contact_step, no_headings, stands, summary_step
from crowdtasks.ledger.reading import budget_of
from crowdtasks.products import audience, office
from crowdtasks.products.actions.round import KIND, check_build, schedule_of, write_round
from crowdtasks.products.asked import asks_its_own, definition_of_page, faults_of
from crowdtasks.products.blocks import TASK_LIMIT, TITLE_LIMIT
from crowdtasks.products.models import Round, RoundPage
from crowdtasks.products.scale import check_scale
from crowdtasks.products.tree import ensure_section
from participation import faces
from participation.actions.rules import has_opened
from participation.faces import Step, step
from participation.models import Engagement
from questionnaires.blocks import limit_of
from questionnaires.editing import outline
from search import registry

#: The translated fields in the order of the desk.
ORDER = ("title", "summary", "about", "steps", "questions", "contact", "cover_alt", "rules_reason")


def check(draft: RoundPage, engagement: Engagement | None) -> None:
    """Refuse questions that do not hold together, a build that cannot be. Raises ``Invalid``."""
    for fault in faults_of(draft, unfinished=False):
        raise Invalid(
            fault.sentence, field="questions", code="questions", data={"question": fault.question}
        )
    check_build(draft, engagement)
    check_scale(draft, Round.objects.filter(engagement=engagement).first() if engagement else None)
    _check_reward(draft, engagement)


def _check_reward(draft: RoundPage, engagement: Engagement | None) -> None:
    if draft.reward and not draft.reward_places:
        raise Invalid(
            _("Say how many people can be rewarded: the whole cost is set aside at the start."),
            field="reward_places",
        )
    if engagement is None or not has_opened(engagement, clock.now()):
        return
    standing = Round.objects.filter(engagement=engagement).first()
    if standing is None:
        return
    check_announced(
        reward=draft.reward, most=draft.reward_places, standing=standing, field="reward_places"
    )
    if standing.reward and (draft.reward_places or 0) < standing.most:
        raise Invalid(
            _("It has opened with %(places)d rewards: there can be more, but not fewer.")
            % {"places": standing.most},
            field="reward_places",
        )


def finish(draft: RoundPage) -> None:
    """Refuse what may not be published unfinished. Raises ``Invalid``."""
    if draft.build is None:
        raise Invalid(_("Choose the build that people try."), field="build")
    if not draft.about.strip():
        raise Invalid(_("Say what you want to find out, and what you do with it."), field="about")
    if not draft.steps:
        raise Invalid(_("There is no step yet."), field="steps")
    for fault in faults_of(draft, unfinished=True):
        raise Invalid(fault.sentence, field="questions", data={"question": fault.question})
    if not asks_its_own(draft):
        raise Invalid(_no_question(draft), field="questions")


def _no_question(draft: RoundPage) -> str:
    if not draft.asks_sus:
        return _("There is no question yet.")
    return _(
        "Ask a question of your own beside the System Usability Scale: the round may have to be "
        "opened to everybody, and they are not asked the scale."
    )


def content_steps(draft: RoundPage, engagement: Engagement | None) -> Iterator[Step]:
    """What a round's own content needs; the desk adds dates, rules and languages."""
    yield summary_step(draft, _("Say in three sentences what is tried and by whom."))
    yield step(
        "build",
        _("Build to try"),
        "build",
        done=draft.build is not None,
        wanted=_("Choose the build that people try."),
    )
    yield step(
        "about",
        _("What it is about"),
        "about",
        done=bool(draft.about.strip()),
        wanted=_("Say what you want to find out, and what you do with it."),
    )
    yield step(
        "steps",
        _("Steps"),
        "steps",
        done=len(draft.steps) > 0,
        wanted=_("There is no step yet."),
    )
    yield _questions(draft)
    if draft.reward:
        standing = Round.objects.filter(engagement=engagement).first() if engagement else None
        cost = draft.reward * (draft.reward_places or 0)
        yield reward_step(bureau=draft.bureau, cost=cost, standing=standing)
    yield contact_step(draft)


def _questions(draft: RoundPage) -> Step:
    found = faults_of(draft, unfinished=True)
    wanted = found[0].sentence if found else _no_question(draft)
    done = not found and asks_its_own(draft)
    return step("questions", _("Questions"), "questions", done=done, wanted=wanted)


def longest(path: str) -> int | None:
    """How long a translated piece may be."""
    name = path.partition(".")[0]
    if name == "steps":
        return TITLE_LIMIT if path.endswith("title") else TASK_LIMIT
    return limit_of(path) if name == "questions" else None


def _review(draft: RoundPage) -> dict[str, Any]:
    return {
        "questions": outline(definition_of_page(draft), draft.language),
        "cost": draft.reward * (draft.reward_places or 0),
        "budget": budget_of(draft.bureau) if draft.reward else 0,
    }


def office_links(engagement: Engagement) -> Iterable[tuple[str | Promise, str]]:
    """The round in numbers, and what an officer has to look at."""
    yield (
        gettext_lazy("The round in numbers"),
        reverse("products:desk", args=[engagement.public_id]),
    )
    yield (
        gettext_lazy("Rewards to be looked at"),
        reverse("products:review", args=[engagement.public_id]),
    )
    yield from office.links_of(engagement)


def _for_some(engagements: Iterable[Engagement]) -> Collection[int]:
    """The invited rounds that have not been opened to everybody."""
    rounds = Engagement.objects.filter(pk__in=[row.pk for row in engagements], round__isnull=False)
    return set(rounds.exclude(audience.open_rounds()).values_list("pk", flat=True))


def register() -> None:
    """Called from ``ready()``."""
    registry.scopes_follow("engagements", Round, "round")
    faces.register(
        faces.Face(
            kind=KIND,
            page_class=RoundPage,
            title=gettext_lazy("Round of trying"),
            new_title=gettext_lazy("New round"),
            index="products/",
            index_title=gettext_lazy("All products"),
            sections=ensure_section,
            steps=content_steps,
            check=check,
            finish=finish,
            schedule=schedule_of,
            write=write_round,
            order=ORDER,
            longest=longest,
            headings=no_headings,
            public_headings=no_headings,
            review_template="products/desk/review_round.html",
            review=_review,
            stands=stands,
            links=office_links,
            for_some=_for_some,
            streams=frozenset({"steps", "questions"}),
            takes_comments=False,
            takes_weeks=False,
            words=faces.Words(
                noun=gettext_lazy("round"),
                back=gettext_lazy("Back to the round"),
                follow=gettext_lazy("Follow this round"),
                whole=gettext_lazy("The whole round"),
                open=pgettext_lazy("of a round", "Open"),
            ),
        )
    )
