"""The kinds of notices about what the bureau decided on an idea."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Param, register

_ABOUT = {"title": Param.TEXTS, "bureau": Param.TEXTS, "idea": Param.WORDS}

KINDS = (
    Kind(
        name="idea-screened",
        action=_("See your idea"),
        params={**_ABOUT, "verdict": Param.CODE},
        optional={"reason": Param.QUOTES, "sentence": Param.QUOTE, "until": Param.DEADLINE},
    ),
    # ``side``: merged (it was led on) or leads.
    Kind(
        name="idea-merged",
        action=_("See the idea"),
        params={**_ABOUT, "side": Param.CODE, "other": Param.WORDS},
    ),
    Kind(
        name="idea-status",
        action=_("See the idea"),
        params={**_ABOUT, "status": Param.CODE, "sentence": Param.QUOTE},
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
