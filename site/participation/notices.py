"""The kinds of notices about an answer that is owed: to followers, officers and their heads."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

_ABOUT = {"title": Param.TEXTS, "bureau": Param.TEXTS}
#: Officers see to every kind of engagement: their mails name it (``faces.nouns_of``).
_OFFICE = {**_ABOUT, "noun": Param.TEXTS}

KINDS = (
    Kind(
        name="heard",
        action=_("Read what people said"),
        params=_ABOUT,
        optional={"response_due": Param.DAY},
    ),
    Kind(
        name="late",
        action=_("See where it stands"),
        params={**_ABOUT, "response_due": Param.DAY, "reason": Param.QUOTES},
        optional={"expected": Param.DAY},
    ),
    Kind(
        name="changed",
        action=_("Read what changed"),
        params={**_ABOUT, "notice": Param.QUOTES},
    ),
    Kind(
        name="rules",
        action=_("Read it and take part"),
        params={**_ABOUT, "notice": Param.QUOTES},
    ),
    Kind(
        name="corrected",
        action=_("Read it"),
        params={**_ABOUT, "notice": Param.QUOTES},
        optional={"closes_at": Param.DEADLINE},
    ),
    # ``state``: none, draft or waiting.
    Kind(
        name="answer-due",
        because=Because.ROLE,
        action=_("Go to the outcome"),
        params={**_OFFICE, "response_due": Param.DAY, "days": Param.NUMBER, "state": Param.CODE},
    ),
    Kind(
        name="answer-late",
        because=Because.ROLE,
        action=_("Go to the outcome"),
        params={**_OFFICE, "response_due": Param.DAY, "days": Param.NUMBER, "state": Param.CODE},
        optional={"explained": Param.CODE},
    ),
)


def register_kinds() -> None:
    """Make the kinds known; called from ``ready()``."""
    for kind in KINDS:
        register(kind)
