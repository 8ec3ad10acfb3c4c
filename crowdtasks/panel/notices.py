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
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
