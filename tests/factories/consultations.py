"""Papers for tests, made and published through the real actions."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from accounts.models import Account, Bureau
from consultations.actions.paper import publish_paper, start_paper
from consultations.actions.translation import Translator, follow_source, save_translations
from consultations.models import ConsultationPage
from consultations.translation import sentences
from core import clock
from participation.models import Engagement
from participation.models.pages import HONG_KONG
from tests.factories.core import make_tree
from tests.factories.engagements import make_account, make_bureau

_numbers = count(1)


def paragraph(block_id: str, text: str) -> dict[str, Any]:
    """One paragraph block as the editor stores it."""
    html = text if text.startswith("<") else f"<p>{text}</p>"
    return {"type": "paragraph", "id": block_id, "value": html}


def chapter(block_id: str, heading: str, *content: dict[str, Any]) -> dict[str, Any]:
    """One chapter block with its content."""
    return {
        "type": "chapter",
        "id": block_id,
        "value": {"heading": heading, "content": list(content)},
    }


def default_body() -> list[dict[str, Any]]:
    """Two chapters of three paragraphs."""
    return [
        chapter(
            "c1", "Background", paragraph("p1", "First point."), paragraph("p2", "Second point.")
        ),
        chapter("c2", "Proposal", paragraph("p3", "Third point.")),
    ]


def today() -> dt.date:
    """The day in Hong Kong by the clock."""
    return clock.now().astimezone(HONG_KONG).date()


def make_paper_draft(
    *,
    bureau: Bureau | None = None,
    by: Account | None = None,
    title: str = "",
    language: str = "en",
    opens: int = -1,
    closes: int = 40,
    translate: bool = True,
    **fields: Any,
) -> ConsultationPage:
    """A draft with dates (days from today) and text, its translations written by ``by``."""
    make_tree()
    by = by or make_account()
    page = start_paper(
        bureau=bureau or make_bureau(),
        title=title or f"Paper {next(_numbers)}",
        source_language=language,
        by=by,
        fields={
            "summary": "What we ask.",
            "contact": "Policy Division",
            "opens_on": today() + dt.timedelta(days=opens),
            "closes_on": today() + dt.timedelta(days=closes),
            "response_due": today() + dt.timedelta(days=closes + 56),
            "body": default_body(),
            "statements": [{"type": "statement", "id": "s1", "value": "Trees come first."}],
            **fields,
        },
        translator=translator_from(language) if translate else None,
    )
    page.refresh_from_db()
    return page


def translator_from(source_language: str) -> Translator:
    """Words in the other authority language that show whose translation they are."""
    mark = "譯：" if source_language == "en" else "Tr: "
    return lambda sentence: f"{mark}{sentence}"


def translate_all(page: ConsultationPage, by: Account) -> None:
    """Write the other authority language for every sentence that has none yet."""
    target = "zh-hant" if page.language == "en" else "en"
    save_translations(
        page=page,
        language=target,
        texts={
            row.key: translator_from(page.language)(row.source) or ""
            for row in sentences(page)
            if row.versions[target].is_missing
        },
        by=by,
    )


def edit_paper(page: ConsultationPage, by: Account | None = None, **fields: Any) -> None:
    """Save a new draft of the source page, as the editor does."""
    draft = page.get_latest_revision_as_object()
    for name, value in fields.items():
        if name in {"body", "statements", "key_dates", "questions"}:
            block = draft._meta.get_field(name).stream_block
            setattr(draft, name, block.to_python(value))
        else:
            setattr(draft, name, value)
    draft.save_revision(user=by, clean=False)
    page.refresh_from_db()
    follow_source(page=page, by=by)


def make_paper(**fields: Any) -> tuple[ConsultationPage, Engagement]:
    """A published paper and its engagement."""
    page = make_paper_draft(**fields)
    engagement = publish_paper(page=page, by=None)
    page.refresh_from_db()
    return page, engagement
