"""The kinds of notices: redeemed, the code has come, shown again, ready, ended, little is left."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

_ABOUT = {"title": Param.TEXTS, "bureau": Param.TEXTS}

KINDS = (
    # ``state``: given, waiting (for an outside supplier) or reserved.
    Kind(
        name="reward-redeemed",
        action=_("See what you redeemed"),
        params={**_ABOUT, "points": Param.NUMBER, "state": Param.CODE},
        optional={"collect_by": Param.DEADLINE},
    ),
    Kind(
        name="reward-given",
        action=_("See the code"),
        params=_ABOUT,
    ),
    # If it was not its owner who saw it, its owner must hear: also with mails switched off.
    Kind(
        name="reward-shown",
        action=_("See what you redeemed"),
        params={**_ABOUT, "number": Param.NUMBER},
        essential=lambda params: True,
        because=Because.ACCOUNT,
    ),
    Kind(
        name="reward-ready",
        action=_("See the collection code"),
        params={**_ABOUT, "collect_by": Param.DEADLINE},
    ),
    # ``state``: refunded, refused (by the supplier) or expired; ``points``: how many came back.
    Kind(
        name="reward-ended",
        action=_("See what became of it"),
        params={**_ABOUT, "state": Param.CODE},
        optional={"points": Param.NUMBER, "reason": Param.QUOTE},
    ),
    Kind(
        name="reward-low",
        action=_("See the stock"),
        params={"title": Param.TEXTS, "left": Param.NUMBER},
        because=Because.ROLE,
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
