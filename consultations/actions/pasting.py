"""A text pasted as a whole becomes chapters and paragraphs of the draft."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Account
from consultations.actions.paper import after_draft_saved
from consultations.actions.translation import SENTENCE_LIMIT
from consultations.models import ConsultationPage, Submission
from consultations.pasting import (
    MOST_PARAGRAPHS,
    PASTE_LIMIT,
    PastedChapter,
    read_paste,
    to_blocks,
)
from consultations.policies import can_write_papers
from core import audit
from core.exceptions import Conflict, Invalid, Refused
from core.text import clean_text
from participation.models import Engagement


@dataclass(frozen=True)
class Reading:
    """What a pasted text becomes. ``seen`` tells this text from any other."""

    chapters: list[PastedChapter]
    seen: str

    @property
    def paragraphs(self) -> int:
        return sum(len(chapter.paragraphs) for chapter in self.chapters)


def read_pasted(text: str, *, page: ConsultationPage) -> Reading:
    """What ``paste_text`` would add, without adding it. Raises ``Invalid`` with ``field`` text."""
    text = clean_text(text, max_length=PASTE_LIMIT, field="text")
    top, _line, rest = text.partition("\n")
    # The title, where it stands on top of the text, is no paragraph of it.
    chapters = read_paste(rest if top.strip("# ") == page.draft_title else text)
    reading = Reading(chapters, hashlib.sha256(text.encode()).hexdigest()[:32])
    if not reading.paragraphs:
        raise Invalid(_("There is no paragraph in this text."), field="text")
    if reading.paragraphs > MOST_PARAGRAPHS:
        raise Invalid(
            _("These are %(count)s paragraphs. Paste at most %(most)s at once.")
            % {"count": reading.paragraphs, "most": MOST_PARAGRAPHS},
            field="text",
        )
    for chapter in chapters:
        for pieces in chapter.paragraphs:
            if any(len(piece) > SENTENCE_LIMIT for piece in pieces):
                raise Invalid(
                    _("The paragraph that begins “%(words)s” is too long. Divide it.")
                    % {"words": pieces[0][:40]},
                    field="text",
                )
    return reading


@transaction.atomic
def paste_text(*, page: ConsultationPage, text: str, seen: str, by: Account) -> Reading:
    """Add the chapters of ``text`` behind those of the draft; returns what was added.

    ``page`` is the source page, ``seen`` the mark of the reading that was shown. Raises ``Refused``
    for other bureaux, ``Invalid`` for a text that cannot be, ``Conflict`` while the paper waits for
    approval and when ``text`` is not the one shown.
    """
    engagement = Engagement.objects.select_for_update(of=("self",), no_key=True).get(
        translation_key=page.translation_key
    )
    if not can_write_papers(by, engagement.owner):
        raise Refused
    if Submission.objects.waiting_for(page.translation_key):
        raise Conflict(_("It waits for approval. Take it back first."))
    reading = read_pasted(text, page=page)
    if reading.seen != seen:
        raise Conflict(_("The text is not the one shown. Look at what it becomes again."))
    draft: ConsultationPage = page.get_latest_revision_as_object()
    with override(page.language):
        added = to_blocks(reading.chapters, untitled=_("Introduction"))
    body: Any = draft._meta.get_field("body")
    block = body.stream_block
    draft.body = block.to_python([*draft.body.get_prep_value(), *added])
    draft.save_revision(user=by, clean=False, log_action=True)
    page.refresh_from_db()
    after_draft_saved(page=page, by=by)
    audit.record("paper.paste", actor=by, engagement_id=engagement.public_id)
    return reading
