"""The officer's desk under /cms/desk/: own bureau's papers, nobody else's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from consultations.actions.approval import submit_paper
from consultations.actions.pasting import read_pasted
from consultations.models import ConsultationPage, Submission
from consultations.reading import chapters
from consultations.translation import sentences
from participation.actions.outcome_items import add_items
from participation.actions.outcomes import save_outcome, submit_outcome, version_of
from participation.models import Engagement, Outcome, OutcomeItem
from tests.factories.consultations import (
    chapter,
    make_paper,
    make_paper_draft,
    paragraph,
    today,
)
from tests.factories.participation import make_public_comment
from tests.permissions.rows import Row
from tests.permissions.world import ROLES, World

#: Whoever may not enter the CMS is led to the door.
DOOR = dict.fromkeys(ROLES, 302)


def cms(**inside: int) -> dict[str, int]:
    """Statuses for the roles that may enter the CMS; the others are led to the door."""
    return {**DOOR, **inside}


def _draft(world: World, **fields: Any) -> ConsultationPage:
    page = make_paper_draft(
        bureau=world.epd,
        by=world.account("officer"),
        body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
        statements=[],
        **fields,
    )
    world.things["desk page"] = page
    world.things["desk engagement"] = page.engagement
    return page


def _paper(world: World, role: str) -> dict[str, Any]:
    _draft(world)
    return {"public_id": world.things["desk engagement"].public_id}


def _untranslated(world: World, role: str) -> dict[str, Any]:
    page = _draft(world, translate=False)
    world.things["desk key"] = sentences(page)[0].key
    return {"public_id": world.things["desk engagement"].public_id, "language": "zh-hant"}


def _sent(world: World) -> Submission:
    page = _draft(world)
    submission = submit_paper(page=page, by=world.account("officer"))
    world.things["desk submission"] = submission
    return submission


def _review(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _sent(world).public_id}


def _waiting(world: World, role: str) -> dict[str, Any]:
    return {"public_id": _sent(world).engagement.public_id}


def _published(opens: int, closes: int) -> Callable[[World, str], dict[str, Any]]:
    def make(world: World, role: str) -> dict[str, Any]:
        _page, engagement = make_paper(
            bureau=world.epd,
            by=world.account("officer"),
            body=[chapter("c1", "Chapter", paragraph("p1", "One."))],
            statements=[],
            opens=opens,
            closes=closes,
        )
        world.things["desk engagement"] = engagement
        return {"public_id": engagement.public_id}

    return make


def _outcome_waits(world: World, role: str) -> dict[str, Any]:
    kwargs = _published(-40, -2)(world, role)
    officer = world.account("officer")
    engagement = world.things["desk engagement"]
    save_outcome(engagement=engagement, text={"en": "Done.", "zh-hant": "完成。"}, by=officer)
    submit_outcome(engagement=engagement, by=officer)
    return kwargs


def _new(world: World, role: str) -> dict[str, Any]:
    day = today()
    return {
        "title": "Table",
        "bureau": str((world.lcsd if role == "officer2" else world.epd).pk),
        "source_language": "en",
        "opens_on": day.isoformat(),
        "closes_on": (day + dt.timedelta(days=40)).isoformat(),
        "response_due": (day + dt.timedelta(days=90)).isoformat(),
    }


def _began(world: World, role: str, done: bool) -> None:
    assert Engagement.objects.filter(title={"en": "Table"}).exists() is done


def _was_sent(world: World, role: str, done: bool) -> None:
    assert Submission.objects.exists() is done


def _words(world: World, role: str) -> dict[str, Any]:
    return {f"s-{world.things['desk key']}": "標題"}


def _chinese(world: World, role: str) -> dict[str, Any]:
    _draft(world, title="都市", language="zh-hant")
    return {"public_id": world.things["desk engagement"].public_id}


def _was_broken(world: World, role: str, done: bool) -> None:
    words = Engagement.objects.get(pk=world.things["desk engagement"].pk).title_words["都市"]
    assert words == ("都\u200b市" if done else "都市")


PASTED = "# More\n\nTwo."


def _pasted(world: World, role: str) -> dict[str, Any]:
    page = world.things["desk page"]
    return {"text": PASTED, "seen": read_pasted(PASTED, page=page).seen, "add": "1"}


def _was_added(world: World, role: str, done: bool) -> None:
    page = ConsultationPage.objects.get(pk=world.things["desk page"].pk)
    draft = page.get_latest_revision_as_object()
    assert [one.title for one in chapters(draft)] == ["Chapter", *(["More"] if done else [])]


def _words_kept(world: World, role: str, done: bool) -> None:
    version = sentences(world.things["desk page"])[0].versions["zh-hant"]
    assert (version.text == "標題") is done


def _state(wanted: str) -> Callable[[World, str, bool], None]:
    def check(world: World, role: str, done: bool) -> None:
        state = Submission.objects.get(pk=world.things["desk submission"].pk).state
        assert state == (wanted if done else "waiting")

    return check


def _later(world: World, role: str) -> dict[str, Any]:
    day = today()
    return {
        "closes_on": (day + dt.timedelta(days=80)).isoformat(),
        "response_due": (day + dt.timedelta(days=200)).isoformat(),
        "reason_en": "More time.",
    }


def _extended(world: World, role: str, done: bool) -> None:
    assert world.things["desk engagement"].public_notices.filter(kind="extended").exists() is done


def _outcome_text(world: World, role: str) -> dict[str, Any]:
    return {"text_en": "Done.", "text_zh_hant": "完成。", "save": "1"}


def _outcome_saved(world: World, role: str, done: bool) -> None:
    assert Outcome.objects.filter(engagement=world.things["desk engagement"]).exists() is done


def _outcome_returned(world: World, role: str, done: bool) -> None:
    outcome = Outcome.objects.get(engagement=world.things["desk engagement"])
    assert (outcome.sent_back_note == "No.") is done


def _outcome_public(world: World, role: str, done: bool) -> None:
    outcome = Outcome.objects.get(engagement=world.things["desk engagement"])
    assert (outcome.published_at is not None) is done


def _note(world: World, role: str) -> dict[str, Any]:
    return {"note": "No."}


_WRITE = cms(officer=200, approver=200, officer2=404, administrator=404)
_READ = {**_WRITE, "administrator": 200}
_WRITTEN = cms(officer=302, approver=302, officer2=404, administrator=404)
_WRITERS = frozenset({"officer", "approver"})
#: Refusals of approving lead back to the page with a sentence.
_DECIDED = cms(officer=302, approver=302, officer2=404, administrator=302)
_SENT_BACK = cms(officer=403, approver=302, officer2=404, administrator=403)
_APPROVER = frozenset({"approver"})


def _outcome_read(world: World, role: str) -> dict[str, Any]:
    """The page that was read says which text it showed."""
    return {"version": version_of(Outcome.objects.get())}


def _part(world: World, role: str) -> dict[str, Any]:
    """A part of an outcome that is being written, with a public comment to quote."""
    kwargs = _published(-40, 2)(world, role)
    engagement = world.things["desk engagement"]
    comment = make_public_comment(engagement, "Trees.").contribution
    world.things["desk quote"] = comment.public_id
    (item,) = add_items(engagement=engagement, targets=[("whole", "")], by=world.account("officer"))
    world.things["desk part"] = item
    return {**kwargs, "item": item.public_id}


def _begun(world: World, role: str, done: bool) -> None:
    found = OutcomeItem.objects.filter(outcome__engagement=world.things["desk engagement"])
    assert found.exists() is done


def _part_saved(world: World, role: str, done: bool) -> None:
    said = OutcomeItem.objects.get(pk=world.things["desk part"].pk).said
    assert (said == {"en": "Heard."}) is done


def _part_gone(world: World, role: str, done: bool) -> None:
    item = OutcomeItem.objects.get(pk=world.things["desk part"].pk)
    assert (item.removed_at is not None) is done


def _quoted(world: World, role: str, done: bool) -> None:
    assert world.things["desk part"].citations.exists() is done


def _overdue(world: World, role: str) -> dict[str, Any]:
    kwargs = _published(-140, -100)(world, role)
    Engagement.objects.filter(public_id=kwargs["public_id"]).update(
        response_due=today() - dt.timedelta(days=2)
    )
    return kwargs


def _explained(world: World, role: str, done: bool) -> None:
    assert world.things["desk engagement"].public_notices.filter(kind="late").exists() is done


PARTS = [
    Row(
        "kaifong_desk:outcome_add",
        "POST",
        _WRITTEN,
        kwargs=_published(-40, -2),
        data=lambda world, role: {"target": "whole:"},
        check=_begun,
        done=_WRITERS,
    ),
    Row("kaifong_desk:outcome_part", "GET", _WRITE, kwargs=_part),
    Row(
        "kaifong_desk:outcome_part",
        "POST",
        _WRITTEN,
        kwargs=_part,
        data=lambda world, role: {"said_en": "Heard."},
        check=_part_saved,
        done=_WRITERS,
    ),
    Row(
        "kaifong_desk:outcome_part_act",
        "POST",
        _WRITTEN,
        kwargs=_part,
        data=lambda world, role: {"act": "remove"},
        check=_part_gone,
        done=_WRITERS,
    ),
    Row("kaifong_desk:outcome_quotes", "GET", _WRITE, kwargs=_part),
    Row(
        "kaifong_desk:outcome_quotes",
        "POST",
        _WRITTEN,
        kwargs=_part,
        data=lambda world, role: {"quote": f"{world.things['desk quote']}:"},
        check=_quoted,
        done=_WRITERS,
    ),
    Row("kaifong_desk:outcome_late", "GET", _WRITE, kwargs=_overdue),
    Row(
        "kaifong_desk:outcome_late",
        "POST",
        _WRITTEN,
        kwargs=_overdue,
        data=lambda world, role: {"reason_en": "Rain.", "reason_zh_hant": "下雨。"},
        check=_explained,
        done=_WRITERS,
    ),
]

ROWS = [
    *PARTS,
    Row("kaifong_desk:new", "GET", cms(officer=200, approver=200, officer2=200, administrator=403)),
    Row(
        "kaifong_desk:new",
        "POST",
        cms(officer=302, approver=302, officer2=302, administrator=403),
        data=_new,
        check=_began,
        done=_WRITERS | {"officer2"},
    ),
    Row(
        "kaifong_desk:new_of",
        "GET",
        cms(officer=200, approver=200, officer2=200, administrator=403),
        kwargs=lambda world, role: {"kind": "contest"},
    ),
    Row(
        "kaifong_desk:new_of",
        "POST",
        cms(officer=302, approver=302, officer2=302, administrator=403),
        kwargs=lambda world, role: {"kind": "contest"},
        data=_new,
        check=_began,
        done=_WRITERS | {"officer2"},
    ),
    Row("kaifong_desk:steps", "GET", _READ, kwargs=_paper),
    Row(
        "kaifong_desk:steps",
        "POST",
        # The only approver of the table's bureau cannot send: nobody else could approve.
        {**_WRITTEN, "approver": 409},
        kwargs=_paper,
        data=lambda world, role: {"note": ""},
        check=_was_sent,
        done=frozenset({"officer"}),
    ),
    Row("kaifong_desk:words", "GET", _WRITE, kwargs=_untranslated),
    Row(
        "kaifong_desk:words",
        "POST",
        _WRITTEN,
        kwargs=_untranslated,
        data=_words,
        check=_words_kept,
        done=_WRITERS,
    ),
    Row("kaifong_desk:breaks", "GET", _WRITE, kwargs=_paper),
    Row(
        "kaifong_desk:breaks",
        "POST",
        _WRITTEN,
        kwargs=_chinese,
        data=lambda world, role: {"t-1": "都|市"},
        check=_was_broken,
        done=_WRITERS,
    ),
    Row("kaifong_desk:paste", "GET", _WRITE, kwargs=_paper),
    Row(
        "kaifong_desk:paste",
        "POST",
        _WRITTEN,
        kwargs=_paper,
        data=_pasted,
        check=_was_added,
        done=_WRITERS,
    ),
    Row(
        "kaifong_desk:paste",
        "POST",
        _WRITE,
        kwargs=_paper,
        data=lambda world, role: {"text": PASTED, "show": "1"},
        check=_was_added,
        done=frozenset(),
        label="only shown",
    ),
    Row(
        "kaifong_desk:take_back",
        "POST",
        _WRITTEN,
        kwargs=_waiting,
        check=_state("taken-back"),
        done=_WRITERS,
    ),
    Row("kaifong_desk:review", "GET", _READ, kwargs=_review),
    Row(
        "kaifong_desk:review",
        "POST",
        _SENT_BACK,
        kwargs=_review,
        data=_note,
        check=_state("sent-back"),
        done=_APPROVER,
    ),
    Row(
        "kaifong_desk:approve",
        "POST",
        _DECIDED,
        kwargs=_review,
        check=_state("published"),
        done=_APPROVER,
    ),
    # What was sent to the bureau only is for its own officers: not for administrators either.
    Row("kaifong_desk:received", "GET", _WRITE, kwargs=_published(-1, 40)),
    Row("kaifong_desk:extend", "GET", _WRITE, kwargs=_published(-1, 40)),
    Row(
        "kaifong_desk:extend",
        "POST",
        _WRITTEN,
        kwargs=_published(-1, 40),
        data=_later,
        check=_extended,
        done=_WRITERS,
    ),
    Row("kaifong_desk:outcome", "GET", _WRITE, kwargs=_published(-40, -2)),
    Row(
        "kaifong_desk:outcome",
        "POST",
        _WRITTEN,
        kwargs=_published(-40, -2),
        data=_outcome_text,
        check=_outcome_saved,
        done=_WRITERS,
    ),
    Row("kaifong_desk:outcome_review", "GET", _READ, kwargs=_outcome_waits),
    Row(
        "kaifong_desk:outcome_review",
        "POST",
        _SENT_BACK,
        kwargs=_outcome_waits,
        data=_note,
        check=_outcome_returned,
        done=_APPROVER,
    ),
    Row(
        "kaifong_desk:outcome_approve",
        "POST",
        _DECIDED,
        kwargs=_outcome_waits,
        data=_outcome_read,
        check=_outcome_public,
        done=_APPROVER,
    ),
]
