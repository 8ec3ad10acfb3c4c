"""What a paper still needs before it can open, and what is only advised (ux 3.5).

One list for the steps page, the approver and the refusal of a sending.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.actions.paper import check_paper, check_reason_of, check_rules
from consultations.calendars import share_in_quiet_times
from consultations.files.reading import SENTENCES
from consultations.models import ConsultationPage, PaperFile
from consultations.questions import definition_of_page, faults, frozen_definition, summary
from consultations.reading import chapters
from consultations.translation import AUTHORITY, Standing, standings
from core import clock
from core.dates import FOREVER
from core.exceptions import Invalid
from core.texts import pick
from participation import faces
from participation.faces import Step, StepState, step
from participation.models import Engagement
from participation.models.pages import FacePage

SHORT_DAYS = 28
QUIET_SHARE = 0.25


def language_name(code: str) -> str:
    """A language's name in the reader's words."""
    return {
        "en": _("English"),
        "zh-hant": _("Traditional Chinese"),
        "zh-hans": _("Simplified Chinese"),
    }[code]


def steps(draft: FacePage, engagement: Engagement | None) -> list[Step]:
    """Every step of the paper as its newest draft stands; ``draft`` is the source page's."""
    return [
        *faces.of_page(draft).steps(draft, engagement),
        *_dates(draft, engagement),
        *_rules(draft, engagement),
        *_languages(draft),
    ]


def missing(draft: FacePage, engagement: Engagement | None) -> list[Step]:
    """The steps without which it cannot be sent for approval."""
    return [one for one in steps(draft, engagement) if one.state is StepState.MISSING]


def content_steps(draft: ConsultationPage, engagement: Engagement | None) -> Iterator[Step]:
    """What a paper's own content needs; the desk adds dates, rules and languages."""
    yield from _content(draft)
    yield from _questions(draft, engagement)
    if engagement is not None:
        yield from _files(engagement)


def _files(engagement: Engagement) -> Iterator[Step]:
    """Files whose text search does not find, or not all of it, as they were last read."""
    for row in PaperFile.objects.filter(engagement=engagement, retired_at=None).order_by("pk"):
        title = pick(row.title).text
        for code in sorted({each["code"] for each in row.readings.values()} - {""}):
            yield Step(
                f"file-{row.pk}",
                _("Text of the document “%(title)s”") % {"title": title},
                StepState.ADVISED,
                str(SENTENCES[code]),
                field="body",
            )


def _content(draft: ConsultationPage) -> Iterator[Step]:
    yield step(
        "summary",
        _("Summary"),
        "summary",
        done=bool(draft.summary.strip()),
        wanted=_("Say in three sentences what is asked and of whom."),
    )
    read = chapters(draft)
    count = sum(len(chapter.paragraphs) for chapter in read)
    label = (
        ngettext("Paper: %(count)d paragraph", "Paper: %(count)d paragraphs", count)
        % {"count": count}
        if count
        else _("Paper")
    )
    empty = [chapter.number for chapter in read if not chapter.items]
    if count and empty:
        yield Step(
            "body",
            label,
            StepState.MISSING,
            _("Chapter %(number)s has nothing in it.") % {"number": empty[0]},
            field="body",
        )
    else:
        yield step(
            "body",
            label,
            "body",
            done=bool(count),
            wanted=_("Write at least one paragraph, or paste the whole text below."),
        )
    yield step(
        "contact",
        _("Contact"),
        "contact",
        done=bool(draft.contact.strip()),
        wanted=_("Say who answers questions."),
    )
    yield step(
        "topics",
        _("Topics"),
        "topics",
        done=bool(draft.topics),
        wanted=_("A topic lets people find it in the register."),
        must=False,
    )
    yield step(
        "statements",
        _("Statements to agree or disagree with"),
        "statements",
        done=len(draft.statements) > 0,
        wanted=_("Two or three short claims let people take part in ten seconds."),
        must=False,
    )
    yield step(
        "file_number",
        _("File number"),
        "file_number",
        done=bool(draft.file_number.strip()),
        wanted=_("With it this is found in your own files."),
        must=False,
    )
    if draft.cover_id:
        yield step(
            "cover_alt",
            _("Cover picture"),
            "cover_alt",
            done=bool(draft.cover_alt.strip()),
            wanted=_("Say what the cover picture shows, for people who cannot see it."),
        )


def _questions(draft: ConsultationPage, engagement: Engagement | None) -> Iterator[Step]:
    label = _("Questions")
    if not draft.questions:
        yield step(
            "questions",
            label,
            "questions",
            done=False,
            wanted=_("A few questions tell you what people think and why, in figures."),
            must=False,
        )
        return
    definition = definition_of_page(draft)
    frozen = frozen_definition(engagement)
    for fault in faults(definition, frozen):
        asked = definition.question(fault.question)
        sentence = (
            _("Question %(number)d: %(problem)s")
            % {"number": asked.number, "problem": fault.sentence}
            if asked is not None and asked.number
            else fault.sentence
        )
        yield Step("questions", label, StepState.MISSING, sentence, field="questions")
        return
    found = summary(definition, frozen)
    if not found.asked:
        yield Step(
            "questions", label, StepState.MISSING, _("There is no question yet."), field="questions"
        )
    elif found.warnings:
        yield Step("questions", label, StepState.ADVISED, found.warnings[0], field="questions")
    else:
        yield Step("questions", label, StepState.DONE, found.time, field="questions")


def _dates(draft: FacePage, engagement: Engagement | None) -> Iterator[Step]:
    label = _("Dates")
    closes = draft.closes_at
    if draft.opens_on is None or closes is None:
        field = "opens_on" if draft.opens_on is None else "closes_on"
        yield Step("dates", label, StepState.MISSING, _("Enter both dates."), field=field)
        return
    try:
        check_paper(draft, engagement)
    except Invalid as error:
        yield Step("dates", label, StepState.MISSING, str(error), field=error.field)
        return
    if closes <= clock.now() and not (engagement and engagement.published_at):
        yield Step(
            "dates", label, StepState.MISSING, _("The last day has passed."), field="closes_on"
        )
        return
    yield Step("dates", label, StepState.DONE, field="opens_on")
    if closes == FOREVER:
        return
    if draft.closes_on is not None:
        least = SHORT_DAYS if faces.of_page(draft).takes_weeks else 0
        yield from _advice(draft.opens_on, draft.closes_on, least)
    yield step(
        "response_due",
        _("Response date"),
        "response_due",
        done=draft.response_due is not None,
        wanted=_("Say when the bureau answers: it is shown, and being late is shown."),
    )


def _advice(opens: dt.date, closes: dt.date, least: int) -> Iterator[Step]:
    days = (closes - opens).days + 1
    if days < least:
        yield Step(
            "short",
            _("Length"),
            StepState.ADVISED,
            ngettext(
                "It is open for %(days)d day. People need 28 days at least to read and answer.",
                "It is open for %(days)d days. People need 28 days at least to read and answer.",
                days,
            )
            % {"days": days},
            field="closes_on",
        )
    quiet = share_in_quiet_times(opens, closes)
    if quiet > QUIET_SHARE:
        yield Step(
            "quiet",
            _("Time of year"),
            StepState.ADVISED,
            _(
                "%(share)d%% of the days fall in Lunar New Year, Christmas or August, "
                "when many people are away."
            )
            % {"share": round(quiet * 100)},
            field="opens_on",
        )


def _rules(draft: FacePage, engagement: Engagement | None) -> Iterator[Step]:
    """Only where the rules change after the opening."""
    if engagement is None:
        return
    label = _("Change of rules")
    try:
        if not check_rules(draft, engagement):
            return
        check_reason_of(draft, engagement)
    except Invalid as error:
        yield Step("rules", label, StepState.MISSING, str(error), field=error.field)
    else:
        yield Step("rules", label, StepState.DONE, field="rules_reason")


def _languages(draft: FacePage) -> Iterator[Step]:
    for standing in standings(draft):
        if standing.is_source:
            continue
        must = standing.language in AUTHORITY and draft.versions_follow_on is None
        yield Step(
            f"language-{standing.language}",
            language_name(standing.language),
            StepState.DONE
            if standing.is_complete
            else (StepState.MISSING if must else StepState.ADVISED),
            lacking(standing),
            language=standing.language,
        )


def lacking(standing: Standing) -> str:
    """What a version lacks, in one sentence; nothing when it is complete."""
    parts = []
    if standing.missing:
        parts.append(
            ngettext(
                "%(count)d sentence of %(total)d is not translated.",
                "%(count)d sentences of %(total)d are not translated.",
                standing.missing,
            )
            % {"count": standing.missing, "total": standing.total}
        )
    if standing.changed:
        parts.append(
            ngettext(
                "%(count)d sentence changed since it was translated.",
                "%(count)d sentences changed since they were translated.",
                standing.changed,
            )
            % {"count": standing.changed}
        )
    return " ".join(parts)
