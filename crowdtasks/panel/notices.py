"""The kinds of notices of the panel."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

KINDS = (
    # Somebody was drawn; the invitation waits until ``until``.
    Kind(
        name="round-invited",
        action=_("See the invitation"),
        params={"title": Param.TEXTS, "bureau": Param.TEXTS, "until": Param.DEADLINE},
        because=Because.JOINED,
    ),
    # What a volunteer said of themselves is erased at ``until``, unless they save it before.
    Kind(
        name="volunteer-ends",
        action=_("See what you said"),
        params={"until": Param.DEADLINE},
        because=Because.JOINED,
    ),
    # A place in a session came free for who waited; it begins soon; it does not take place.
    *(
        Kind(
            name=name,
            action=_("See the sessions"),
            params={"title": Param.TEXTS, "bureau": Param.TEXTS, "at": Param.MOMENT},
            because=Because.JOINED,
        )
        for name in ("session-place", "session-soon", "session-off")
    ),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
