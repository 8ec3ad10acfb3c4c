"""What officers are told about reports: that one is there. Never a figure, never a text.

And what administrators are told of what working days are counted from.
"""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param
from notifications.kinds import register as add

KINDS = (
    Kind(
        name="report-delivered",
        because=Because.ROLE,
        action=_("Open the report"),
        params={
            "title": Param.TEXTS,
            "noun": Param.TEXTS,
            "bureau": Param.TEXTS,
            "taken_at": Param.MOMENT,
            "version": Param.NUMBER,
            "owed_by": Param.DAY,
        },
        optional={"response_due": Param.DAY},
        # A duty of the office, not a wish of the reader.
        essential=lambda params: True,
    ),
    Kind(
        name="report-unreceived",
        because=Because.ROLE,
        action=_("Open the report"),
        params={
            "title": Param.TEXTS,
            "noun": Param.TEXTS,
            "bureau": Param.TEXTS,
            "delivered_at": Param.MOMENT,
            "owed_by": Param.DAY,
        },
        essential=lambda params: True,
    ),
    Kind(
        name="holidays-missing",
        because=Because.ROLE,
        action=_("Open the reports"),
        # As words: a year takes no comma between its thousands.
        params={"year": Param.WORDS},
        essential=lambda params: True,
    ),
)


def register() -> None:
    """Make them known."""
    for kind in KINDS:
        add(kind)
