"""Writing the papers: drafts in their source language, translations, approval, publication."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.html import escape

from accounts.models import Account, Bureau
from consultations.actions.approval import approve_paper, submit_paper
from consultations.actions.paper import publish_paper, start_paper
from consultations.models import ConsultationPage, SubmissionState
from participation.models import Engagement

from .asking import question_blocks, question_texts
from .days import Days, on
from .persons import SOURCE, Crowd
from .picture import make_cover
from .shapes import Both, Paper

#: Days between the first draft and the opening, and between approval and the opening.
DRAFTED, APPROVED = 12, 3
NOTE = "The deposit in 1.1 is the one agreed at our meeting."


def source_of(slug: str) -> str:
    """What the engagement of a paper is known by."""
    return f"{SOURCE}:{slug}"


def key_of(slug: str) -> UUID:
    """The same page at every loading."""
    return uuid5(NAMESPACE_URL, source_of(slug))


def publish_moment(paper: Paper, days: Days) -> dt.datetime:
    """When it was (or for one that opens soon, yesterday) made public."""
    return days.at(min(paper.opens - APPROVED, -1))


def write_paper(paper: Paper, crowd: Crowd, days: Days) -> Engagement:
    """Draft it in two languages and bring it to where it stands: published, or sent in."""
    by = crowd.officer_of(paper.bureau)
    with on(days.at(min(paper.opens - DRAFTED, -5))):
        page = _draft(paper, by, days)
    engagement = Engagement.objects.get(translation_key=page.translation_key)
    Engagement.objects.filter(pk=engagement.pk).update(import_source=source_of(paper.slug))
    if paper.stage == "published":
        _publish(paper, page, crowd, days)
    else:
        with on(days.at(min(paper.opens - APPROVED, -1), 9, 20)):
            submit_paper(page=page, by=by, note=NOTE)
    engagement.refresh_from_db()
    return engagement


def _publish(paper: Paper, page: ConsultationPage, crowd: Crowd, days: Days) -> None:
    """By the second officer, where the bureau has officers here; else by the administrator."""
    by, approver = crowd.officer_of(paper.bureau), crowd.approver_of(paper.bureau)
    moment = publish_moment(paper, days)
    if approver is None:
        with on(moment):
            publish_paper(page=page, by=by)
        return
    with on(moment - dt.timedelta(days=2)):
        submission = submit_paper(page=page, by=by)
    with on(moment):
        submission = approve_paper(submission=submission, by=approver)
        if submission.state == SubmissionState.GATE:
            approve_paper(submission=submission, by=crowd.accounts["admin"])


def _draft(paper: Paper, by: Account, days: Days) -> ConsultationPage:
    bureau = Bureau.objects.get(code=paper.bureau)
    cover = make_cover(bureau, by) if paper.cover else None
    return start_paper(
        bureau=bureau,
        title=_source(paper, paper.title),
        source_language=paper.source,
        by=by,
        translation_key=key_of(paper.slug),
        slug=paper.slug,
        fields={
            "summary": _source(paper, paper.summary),
            "contact": _source(paper, paper.contact),
            "file_number": paper.file_number,
            "topics": list(paper.topics),
            "opens_on": days.date(paper.opens),
            "closes_on": days.date(paper.closes),
            "response_due": days.date(paper.due),
            "key_dates": _key_dates(paper, days),
            "body": _body(paper),
            "statements": [
                _block(paper, "statement", f"s{place}", _source(paper, text))
                for place, text in enumerate(paper.statements)
            ],
            "questions_intro": _source(paper, paper.survey.intro) if paper.survey else "",
            "questions": question_blocks(paper, _source, _block),
            "cover": cover,
            "cover_alt": _source(paper, paper.cover) if paper.cover else "",
        },
        translator=_translations(paper).__getitem__,
    )


def _source(paper: Paper, text: Both) -> str:
    return text.zh if paper.source == "zh-hant" else text.en


def _block(paper: Paper, kind: str, name: str, value: Any) -> dict[str, Any]:
    return {"type": kind, "id": str(uuid5(key_of(paper.slug), name)), "value": value}


def _key_dates(paper: Paper, days: Days) -> list[dict[str, Any]]:
    return [
        _block(
            paper,
            "date",
            f"d{place}",
            {"date": days.date(offset).isoformat(), "label": _source(paper, label)},
        )
        for place, (offset, label) in enumerate(paper.key_dates)
    ]


def _body(paper: Paper) -> list[dict[str, Any]]:
    return [
        _block(
            paper,
            "chapter",
            f"c{number}",
            {
                "heading": _source(paper, heading),
                "content": list(_content(paper, number, paragraphs)),
            },
        )
        for number, (heading, paragraphs) in enumerate(paper.chapters, start=1)
    ]


def _content(paper: Paper, chapter: int, paragraphs: list[Both]) -> Iterator[dict[str, Any]]:
    for place, text in enumerate(paragraphs, start=1):
        number = f"{chapter}.{place}"
        html = f"<p>{escape(_source(paper, text))}</p>"
        yield _block(paper, "paragraph", f"p{number}", html)
        for table in paper.tables:
            if table.after == number:
                value = {
                    "caption": _source(paper, table.caption),
                    "cells": _source(paper, table.cells),
                }
                yield _block(paper, "table", f"t{number}", value)


def _texts(paper: Paper) -> Iterator[Both]:
    """Everything that is translated."""
    yield from (paper.title, paper.summary, paper.contact)
    yield from (label for _day, label in paper.key_dates)
    for heading, paragraphs in paper.chapters:
        yield heading
        yield from paragraphs
    for table in paper.tables:
        yield from (table.caption, table.cells)
    if paper.cover:
        yield paper.cover
    yield from paper.statements
    yield from question_texts(paper)


def _translations(paper: Paper) -> dict[str, str]:
    """The other authority language by the source's words; Simplified follows by itself.

    A sentence of the page that ``_texts`` does not know is a KeyError: the page would not be
    complete, and so would not open.
    """
    return {
        _source(paper, text): text.zh if paper.source == "en" else text.en for text in _texts(paper)
    }
