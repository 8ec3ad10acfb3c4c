"""The kinds of notices: what an officer decided on somebody's task."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Param, register

KINDS = (
    # ``verdict``: accept or decline; ``until``: until when another officer may be asked.
    Kind(
        name="task-decided",
        action=_("See your task"),
        params={"title": Param.TEXTS, "bureau": Param.TEXTS, "verdict": Param.CODE},
        optional={"reason": Param.QUOTE, "until": Param.DEADLINE},
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
