"""The kinds of notices: what the bureau decided on an idea, co-authors, juries, owed answers."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

#: A box's monthly answer: ``waiting`` ideas, ``days`` to ``day`` or since.
_OWED = {
    "title": Param.TEXTS,
    "bureau": Param.TEXTS,
    "waiting": Param.NUMBER,
    "day": Param.DAY,
    "days": Param.NUMBER,
}
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
        params={**_ABOUT, "status": Param.CODE, "sentence": Param.QUOTES},
    ),
    Kind(
        name="idea-reply",
        action=_("See the idea"),
        params={**_ABOUT, "text": Param.QUOTE},
    ),
    # The link lets its holder read who invites; the idea is shown to the invited address alone.
    Kind(
        name="co-author-invited",
        action=_("See the invitation"),
        params={"title": Param.TEXTS, "bureau": Param.TEXTS, "expires_at": Param.MOMENT},
        optional={"by": Param.WORDS},
        secret_path=True,
        because=Because.INVITED,
    ),
    # ``step``: joined or left (to the author), removed (to who was).
    Kind(
        name="co-author-changed",
        action=_("See who writes it"),
        params={**_ABOUT, "step": Param.CODE},
        optional={"by": Param.WORDS},
    ),
    Kind(
        name="jury-seat",
        because=Because.ROLE,
        action=_("Go to the jury desk"),
        params={"title": Param.TEXTS, "bureau": Param.TEXTS},
        optional={"opens_at": Param.MOMENT, "closes_at": Param.DEADLINE},
    ),
    Kind(name="box-due", because=Because.ROLE, action=_("See the ideas that wait"), params=_OWED),
    Kind(name="box-late", because=Because.ROLE, action=_("See the ideas that wait"), params=_OWED),
)


def register_kinds() -> None:
    """Called from ``ready()``."""
    for kind in KINDS:
        register(kind)
