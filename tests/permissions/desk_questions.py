"""The questions of a paper on the desk: its bureau's own officers, nobody else."""

from __future__ import annotations

from typing import Any

from consultations.models import ConsultationPage
from core import clock
from questionnaires.models import Draft, Question, Response
from questionnaires.reading import anchor_of
from tests.factories.consultations import chapter, make_paper, make_paper_draft, paragraph
from tests.factories.questions import question, section
from tests.permissions.cms import cms
from tests.permissions.rows import Row
from tests.permissions.world import World

_ONE = [section("s1", "Section", question("short", "q1", "Which?"))]


def _draft(world: World, role: str) -> dict[str, Any]:
    page = make_paper_draft(
        bureau=world.epd,
        by=world.account("officer"),
        body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
        statements=[],
        translate=False,
    )
    world.things["questions page"] = page
    engagement = page.engagement
    assert engagement is not None
    return {"public_id": engagement.public_id}


def _answered(world: World, role: str) -> dict[str, Any]:
    _page, engagement = make_paper(
        bureau=world.epd,
        by=world.account("officer"),
        body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
        statements=[],
        questions=_ONE,
    )
    engagement.questionnaires.update(frozen_at=clock.now())
    world.things["questions engagement"] = engagement
    return {"public_id": engagement.public_id}


def _kept_nothing(world: World, role: str, done: bool) -> None:
    assert not Question.objects.exists()
    page = ConsultationPage.objects.get(pk=world.things["questions page"].pk)
    assert not page.get_latest_revision_as_object().questions


def _taken(world: World, role: str, done: bool) -> None:
    page = ConsultationPage.objects.get(pk=world.things["questions page"].pk)
    assert bool(page.get_latest_revision_as_object().questions) is done


def _corrected(world: World, role: str, done: bool) -> None:
    engagement = world.things["questions engagement"]
    assert engagement.public_notices.filter(kind="corrected").exists() is done


def _asked(world: World, role: str) -> dict[str, Any]:
    page = make_paper_draft(
        bureau=world.epd,
        by=world.account("officer"),
        body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
        statements=[],
        translate=False,
        questions=_ONE,
    )
    engagement = page.engagement
    assert engagement is not None
    return {"public_id": engagement.public_id, "language": "en"}


def _first(world: World, role: str) -> dict[str, Any]:
    return {**_asked(world, role), "place": 1}


def _nobody_answered(world: World, role: str, done: bool) -> None:
    assert not Draft.objects.exists()
    assert not Response.objects.exists()


_FIELDS = {
    "questions-count": "1",
    "questions-0-type": "section",
    "questions-0-order": "0",
    "questions-0-deleted": "",
    "questions-0-id": "s1",
    "questions-0-value-title": "Section",
    "questions-0-value-intro": "",
    "questions-0-value-questions-count": "0",
}
_WRITE = cms(officer=200, approver=200, officer2=404, administrator=404)
_WRITTEN = cms(officer=302, approver=302, officer2=404, administrator=404)
_WRITERS = frozenset({"officer", "approver"})

_READ = {**_WRITE, "administrator": 200}
_TRIED = {**_WRITTEN, "administrator": 302}
_TRIERS = _WRITERS | {"administrator"}

ROWS = [
    Row("kaifong_desk:try", "GET", _READ, kwargs=_asked),
    Row(
        "kaifong_desk:try",
        "POST",
        _TRIED,
        kwargs=_asked,
        data=lambda world, role: {"route": "whole"},
        check=_nobody_answered,
        done=_TRIERS,
    ),
    Row("kaifong_desk:try_part", "GET", _READ, kwargs=_first),
    Row(
        "kaifong_desk:try_part",
        "POST",
        _TRIED,
        kwargs=_first,
        data=lambda world, role: {f"q-{anchor_of('q1')}": "An answer."},
        check=_nobody_answered,
        done=_TRIERS,
    ),
    Row("kaifong_desk:try_check", "GET", _READ, kwargs=_asked),
    Row(
        "kaifong_desk:try_check",
        "POST",
        _TRIED,
        kwargs=_asked,
        check=_nobody_answered,
        done=_TRIERS,
    ),
    Row(
        "kaifong_desk:questions_read",
        "POST",
        _WRITE,
        kwargs=_draft,
        data=lambda world, role: dict(_FIELDS),
        check=_kept_nothing,
        done=_WRITERS,
    ),
    Row("kaifong_desk:questions_bank", "GET", _WRITE, kwargs=_draft),
    Row(
        "kaifong_desk:questions_bank",
        "POST",
        _WRITTEN,
        kwargs=_draft,
        data=lambda world, role: {"keys": ["heard"], "section": ""},
        check=_taken,
        done=_WRITERS,
    ),
    Row("kaifong_desk:questions_correct", "GET", _WRITE, kwargs=_answered),
    Row(
        "kaifong_desk:questions_correct",
        "GET",
        cms(officer=404, approver=404, officer2=404, administrator=404),
        kwargs=_draft,
        label="nobody answered",
    ),
    Row(
        "kaifong_desk:questions_correct",
        "POST",
        _WRITTEN,
        kwargs=_answered,
        data=lambda world, role: {"question": anchor_of("q1"), "text_en": "We meant fish."},
        check=_corrected,
        done=_WRITERS,
    ),
]
