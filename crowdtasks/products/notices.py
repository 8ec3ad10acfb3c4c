"""The kinds of notices: what an officer decided on the reward of somebody's try."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Kind, Param, register

KINDS = (
    # ``verdict``: accept or decline; ``until``: until when another officer may be asked.
    Kind(
        name="try-decided",
        action=_("See your reward"),
        params={"title": Param.TEXTS, "bureau": Param.TEXTS, "verdict": Param.CODE},
        optional={"reason": Param.QUOTE, "until": Param.DEADLINE},
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
