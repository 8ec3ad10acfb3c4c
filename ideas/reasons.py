"""Ready reasons of screening, in three languages through the catalogues."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ideas.models import Screened

#: Verdict -> key -> sentence. Keys stand in rows and never change.
READY: dict[str, dict[str, str | Promise]] = {
    Screened.COMPLETE: {
        "clearer": _("Please say more clearly what you would do."),
        "where": _("Please say for whom it is meant, and where it could begin."),
        "how": _("Please show in more detail how it could work."),
    },
    Screened.DECLINED: {
        "outside": _("It is outside what this contest asks for."),
        "done": _("It is being done already."),
        "power": _("The bureaux that run this contest cannot do it."),
    },
}


def sentence_of(key: str) -> str | Promise:
    """The sentence of a ready reason; '' for none."""
    for reasons in READY.values():
        if key in reasons:
            return reasons[key]
    return ""
