"""What the desk knows alike of everything in the room: campaigns, products and their rounds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from crowdtasks.asked import frozen_definition
from participation.faces import Step, step
from participation.models.pages import FacePage


def summary_step(draft: FacePage, wanted: str) -> Step:
    """Whether there is a summary; ``wanted`` says what belongs into it."""
    done = bool(draft.summary.strip())
    return step("summary", _("Summary"), "summary", done=done, wanted=wanted)


def contact_step(draft: FacePage) -> Step:
    """Whether somebody answers questions."""
    done = bool(draft.contact.strip())
    return step(
        "contact", _("Contact"), "contact", done=done, wanted=_("Say who answers questions.")
    )


def stands(page: FacePage, language: str, path: str) -> bool:
    """Whether people have answered a question that was public in this language."""
    if not path.startswith("questions"):
        return False
    frozen = frozen_definition(page.engagement)
    return frozen is not None and any(language in one.title for one in frozen.questions())


def no_headings(of: Any) -> list[str]:
    """No titles but the page's own."""
    return []
