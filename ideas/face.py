"""The contest as the desk knows it: what it needs, what it refuses, what publishing writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import Account
from core import clock
from core.dates import FOREVER
from core.exceptions import Invalid
from ideas import blocks
from ideas.actions.asked import write_asked
from ideas.actions.contest import KIND, schedule_of, write_contest
from ideas.asked import definition_of_page, faults_of, standing_definition
from ideas.ballots import vote_of
from ideas.juries import jury_phase
from ideas.models import ContestPage
from ideas.monthly import owed_by
from ideas.phases import plan, shown
from ideas.policies import SCREENING, phase_of
from ideas.reading import explained
from ideas.tree import ensure_section
from ideas.voting import kind_named
from participation import faces
from participation.actions.engagement import check_phases
from participation.faces import Step, step
from participation.models import Engagement
from questionnaires.blocks import limit_of
from questionnaires.editing import outline

#: The translated fields in the order of the desk.
ORDER = (
    "title",
    "summary",
    "brief",
    "eligibility",
    "criteria",
    "categories",
    "questions",
    "prizes",
    "terms",
    "links",
    "contact",
    "cover_alt",
    "rules_reason",
)
#: Whose date on the page a phase's window comes from.
_FIELD_OF = {
    "phase-call": "closes_on",
    "phase-screening": "vote_opens_on",
    "phase-vote": "vote_closes_on",
    "phase-jury": "jury_closes_on",
    "phase-result": "response_due",
    "phase-follow": "response_due",
}
FULL = 100


def check(draft: ContestPage, engagement: Engagement | None) -> None:
    """Refuse questions that do not hold together, and dates of phases that do not follow one
    another. Raises ``Invalid``.
    """
    for fault in faults_of(draft, clock.now(), unfinished=False):
        raise Invalid(
            fault.sentence, field="questions", code="questions", data={"question": fault.question}
        )
    if draft.standing:
        for name in ("vote_opens_on", "vote_closes_on", "jury_closes_on"):
            if getattr(draft, name):
                raise Invalid(_("An ideas box without end has no vote and no jury."), field=name)
        _check_phases(draft, engagement)
        return
    if (draft.vote_opens_on is None) != (draft.vote_closes_on is None):
        missing = "vote_opens_on" if draft.vote_opens_on is None else "vote_closes_on"
        raise Invalid(_("Enter both days of the public vote, or neither."), field=missing)
    call_ends, vote_ends = draft.call_closes_at, draft.vote_closes_at
    if draft.closes_on and draft.vote_opens_on and draft.vote_opens_on <= draft.closes_on:
        raise Invalid(_("The vote opens after the last day of the call."), field="vote_opens_on")
    if draft.vote_opens_on and draft.vote_closes_on and draft.vote_closes_on < draft.vote_opens_on:
        raise Invalid(_("The last day must not be before the opening."), field="vote_closes_on")
    if vote_ends:
        needs = kind_named(draft.vote_kind).needs
        if needs and not getattr(draft, f"vote_{needs}"):
            raise Invalid(
                _("This way to vote needs a number of at least 1."), field=f"vote_{needs}"
            )
    last = draft.vote_closes_on if vote_ends else draft.closes_on if call_ends else None
    if draft.jury_closes_on and last and draft.jury_closes_on <= last:
        raise Invalid(
            _("The jury scores after the vote and the call have ended."), field="jury_closes_on"
        )
    last = draft.jury_closes_on or last
    if draft.response_due and last and draft.response_due <= last:
        raise Invalid(_("The result comes after everything else."), field="response_due")
    _check_phases(draft, engagement)


def _check_phases(draft: ContestPage, engagement: Engagement | None) -> None:
    try:
        check_phases(engagement, plan(draft), clock.now())
    except Invalid as error:
        field = _FIELD_OF.get(error.field, error.field)
        raise Invalid(error.message, field=field, code=error.code) from error


def finish(draft: ContestPage) -> None:
    """Refuse what may not be published unfinished. Raises ``Invalid``."""
    for name, sentence in (
        ("brief", _("Say what you look for and why.")),
        ("eligibility", _("Say who may take part.")),
        ("terms", _("Say whose the ideas are and what you may do with them.")),
    ):
        if not getattr(draft, name).strip():
            raise Invalid(sentence, field=name)
    for fault in faults_of(draft, clock.now(), unfinished=True):
        raise Invalid(fault.sentence, field="questions", data={"question": fault.question})
    total = sum(block.value["weight"] for block in draft.criteria)
    if draft.jury_closes_on and not total:
        raise Invalid(
            _("Say by what the jury judges: criteria and their weights."), field="criteria"
        )
    if total not in {0, FULL}:
        raise Invalid(
            _("The weights make %(total)d, not 100.") % {"total": total}, field="criteria"
        )


def content_steps(draft: ContestPage, engagement: Engagement | None) -> Iterator[Step]:
    """What a contest's own content needs; the desk adds dates, rules and languages."""
    yield step(
        "summary",
        _("Summary"),
        "summary",
        done=bool(draft.summary.strip()),
        wanted=_("Say in three sentences what is asked and of whom."),
    )
    yield step(
        "brief",
        _("Brief"),
        "brief",
        done=bool(draft.brief.strip()),
        wanted=_("Say what you look for and why."),
    )
    yield step(
        "eligibility",
        _("Who may take part"),
        "eligibility",
        done=bool(draft.eligibility.strip()),
        wanted=_("Say who may take part."),
    )
    yield step(
        "terms",
        _("Terms"),
        "terms",
        done=bool(draft.terms.strip()),
        wanted=_("Say whose the ideas are and what you may do with them."),
    )
    total = sum(block.value["weight"] for block in draft.criteria)
    yield step(
        "criteria",
        _("Criteria"),
        "criteria",
        done=total == FULL,
        wanted=_("The weights make %(total)d, not 100.") % {"total": total}
        if total
        else _("Say by what ideas are judged, and how much each counts."),
        must=bool(total or draft.jury_closes_on),
    )
    yield step(
        "categories",
        _("Categories"),
        "categories",
        done=len(draft.categories) > 0,
        wanted=_("Categories help people to find ideas like theirs."),
        must=False,
    )
    if not draft.standing:
        yield step(
            "prizes",
            _("Prizes"),
            "prizes",
            done=bool(draft.prizes.strip()),
            wanted=_("Say what the winners get, also if it is only that their idea is built."),
            must=False,
        )
    yield step(
        "contact",
        _("Contact"),
        "contact",
        done=bool(draft.contact.strip()),
        wanted=_("Say who answers questions."),
    )


def longest(path: str) -> int | None:
    """How long a translated piece may be."""
    name, _dot, rest = path.partition(".")
    if name == "categories":
        return blocks.NAME_LIMIT
    if name == "criteria":
        return blocks.DETAIL_LIMIT if rest.endswith("detail") else blocks.NAME_LIMIT
    if name == "links":
        return 200
    if name == "questions":
        return limit_of(path)
    return None


def headings(draft: ContestPage) -> Iterable[str]:
    """No titles but the page's own."""
    return []


def review(draft: ContestPage) -> dict[str, Any]:
    """What the approver reads of a version."""
    return {
        "phases": shown(plan(draft), clock.now()),
        "explained": explained(draft),
        "questions": outline(definition_of_page(draft), draft.language),
    }


def stands(page: ContestPage, language: str, path: str) -> bool:
    """Whether the words of a question were public in this language when the contest opened."""
    if not path.startswith("questions"):
        return False
    standing = standing_definition(page.engagement, clock.now())
    return standing is not None and any(language in one.title for one in standing.questions())


def write(
    *,
    engagement: Engagement,
    opening: Mapping[str, ContestPage],
    source: str,
    by: Account | None,
) -> None:
    """Everything that publishing a contest writes beside its engagement."""
    write_contest(engagement=engagement, opening=opening, source=source, by=by)
    write_asked(engagement=engagement, opening=opening, source=source, by=by)


def owes(engagements: Iterable[Engagement], now: dt.datetime) -> dict[int, faces.Owes]:
    """The month's answer that standing boxes owe, what is late before what is due."""
    boxes = [row for row in engagements if row.closes_at == FOREVER and row.state == "published"]
    if not boxes:
        return {}
    owed = owed_by(boxes, now)
    return {
        box.pk: faces.Owes(
            owed[box.pk].sentences[0],
            reverse("ideas:screening", args=[box.public_id]) + "?state=waiting",
            late=bool(owed[box.pk].late),
        )
        for box in boxes
        if box.pk in owed
    }


def office_links(engagement: Engagement) -> Iterable[tuple[str | Promise, str]]:
    """The contest in numbers with its files; where officers screen the ideas, say how far each has
    come, what it costs, and judge."""
    box = engagement.contest.standing
    yield (
        gettext_lazy("The ideas box in numbers") if box else gettext_lazy("The contest in numbers"),
        reverse("ideas:desk", args=[engagement.public_id]),
    )
    screens = phase_of(engagement, SCREENING) is not None
    yield (
        gettext_lazy("Ideas to be screened") if screens else gettext_lazy("Ideas to be answered"),
        reverse("ideas:screening", args=[engagement.public_id]),
    )
    vote = vote_of(engagement)
    if vote is not None and vote.way.needs_cost:
        yield (
            gettext_lazy("What the ideas cost"),
            reverse("ideas:costs", args=[engagement.public_id]),
        )
    if jury_phase(engagement) is not None:
        yield gettext_lazy("Jury"), reverse("ideas:jury-chair", args=[engagement.public_id])
    if not box:
        yield (
            gettext_lazy("Winners and shortlist"),
            reverse("ideas:result-desk", args=[engagement.public_id]),
        )


def register() -> None:
    """Called from ``ready()``."""
    faces.register(
        faces.Face(
            kind=KIND,
            page_class=ContestPage,
            title=gettext_lazy("Idea contest"),
            new_title=gettext_lazy("New contest"),
            index="contests/",
            index_title=gettext_lazy("All idea contests"),
            sections=ensure_section,
            steps=content_steps,
            check=check,
            finish=finish,
            schedule=schedule_of,
            write=write,
            order=ORDER,
            longest=longest,
            headings=headings,
            public_headings=lambda engagement: [],
            review_template="ideas/desk/review_contest.html",
            review=review,
            stands=stands,
            owes=owes,
            links=office_links,
            streams=frozenset({"criteria", "categories", "questions", "links"}),
            words=faces.Words(
                noun=gettext_lazy("contest"),
                back=gettext_lazy("Back to the contest"),
                follow=gettext_lazy("Follow this contest"),
                whole=gettext_lazy("The whole contest"),
                write=gettext_lazy("Write the contest's page"),
                open=pgettext_lazy("of a contest", "Open"),
            ),
            words_endless=faces.Words(
                noun=gettext_lazy("ideas box"),
                back=gettext_lazy("Back to the ideas box"),
                follow=gettext_lazy("Follow this ideas box"),
                whole=gettext_lazy("The whole ideas box"),
                write=gettext_lazy("Write the box's page"),
                open=pgettext_lazy("of a contest", "Open"),
                title=gettext_lazy("Standing ideas box"),
            ),
        )
    )
