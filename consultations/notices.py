"""What two officers tell each other about an outcome. Papers use the kinds of notifications."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param
from notifications.kinds import register as add

#: ``step`` is an ``OutcomeStep``: what was heard, or the whole outcome.
_ABOUT = {
    "title": Param.TEXTS,
    "noun": Param.TEXTS,
    "bureau": Param.TEXTS,
    "step": Param.CODE,
}

KINDS = (
    Kind(
        name="outcome-wanted",
        because=Because.ROLE,
        action=_("Look at it and decide"),
        params={**_ABOUT, "author": Param.WORDS},
        optional={"summary": Param.QUOTES, "response_due": Param.DAY},
    ),
    Kind(
        name="outcome-approved",
        because=Because.ROLE,
        action=_("See it on your desk"),
        params={**_ABOUT, "by": Param.WORDS},
        optional={"response_due": Param.DAY},
    ),
    Kind(
        name="outcome-sent-back",
        because=Because.ROLE,
        action=_("Go on with the outcome"),
        params={**_ABOUT, "by": Param.WORDS, "note": Param.QUOTE},
        optional={"response_due": Param.DAY},
    ),
)


def register() -> None:
    """Make them known; called from ``ready()``."""
    for kind in KINDS:
        add(kind)
