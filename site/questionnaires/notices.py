"""The one mail of the questionnaires: the link that brings a draft to another device."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param
from notifications.kinds import register as register_kind

DRAFT_LINK = Kind(
    name="draft-link",
    because=Because.ASKED,
    action=_("Go on with your answers"),
    params={
        "title": Param.TEXTS,
        "bureau": Param.TEXTS,
        "closes_at": Param.DEADLINE,
        "works_until": Param.MOMENT,
    },
    # Asked for by its reader a moment ago.
    essential=lambda params: True,
    # The link lets its holder in.
    secret_path=True,
)


def register() -> None:
    """Called from ``ready()``."""
    register_kind(DRAFT_LINK)
