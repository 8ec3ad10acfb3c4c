"""The kinds of notices: points expire soon, were corrected; the nightly proof found a fault."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

KINDS = (
    Kind(
        name="points-expire",
        action=_("See my points"),
        params={"points": Param.NUMBER, "until": Param.DEADLINE},
    ),
    Kind(
        name="points-corrected",
        action=_("See my points"),
        params={"points": Param.NUMBER, "what": Param.CODE, "reason": Param.QUOTE},
    ),
    Kind(
        name="ledger-fault",
        action=_("See the points ledger"),
        params={"faults": Param.NUMBER},
        essential=lambda params: True,
        because=Because.ROLE,
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
