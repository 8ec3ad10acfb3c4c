"""What is said where a draft, or the link to one, is no longer to be had."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.keys import token_hash
from core.exceptions import Absent
from questionnaires.models import DraftLink

GONE = _("What you wrote is no longer kept here.")
#: The code of the refusal that a visit meets whose draft was taken over.
MOVED = "draft_moved"
MOVED_SENTENCE = _(
    "These answers were opened elsewhere with the mailed link and go on there. "
    "Here they can no longer be read or changed."
)
LINK_ENDED = _(
    "This link no longer works. It works once, until the day the mail names, and ends when the "
    "answers are sent or deleted. Ask for a new one where the answers are open."
)


def not_here(token: str) -> Absent:
    """The refusal for a token that opens no draft: it was taken over by its link, or is gone."""
    if token and DraftLink.objects.filter(left=token_hash(token)).exists():
        return Absent(MOVED_SENTENCE, code=MOVED)
    return Absent(GONE)
