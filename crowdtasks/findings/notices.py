"""The kinds of notices: what became of what somebody found."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Param, register

_ABOUT = {"title": Param.TEXTS, "bureau": Param.TEXTS, "finding": Param.QUOTE}
_SEE = _("See what you found")

KINDS = (
    # ``state``: confirmed, planned, mended (``build`` is not public yet) or declined.
    Kind(
        name="finding-decided",
        action=_SEE,
        params={**_ABOUT, "state": Param.CODE},
        optional={"build": Param.WORDS, "reason": Param.QUOTE},
    ),
    Kind(
        name="finding-shipped",
        action=_SEE,
        params={**_ABOUT, "build": Param.WORDS},
        optional={"reason": Param.QUOTE},
    ),
    # ``state`` and ``build``: where the finding stands that this one was put to.
    Kind(
        name="finding-merged",
        action=_SEE,
        params={**_ABOUT, "state": Param.CODE},
        optional={"build": Param.WORDS},
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
