"""The notice that tells of what is new for a search that somebody keeps."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Because, Kind, Param, register

#: Up to three lines say what is new: what it is, its title, how many there are of it.
_LINES = {
    f"{name}{part}": param
    for name in ("first", "second", "third")
    for part, param in (("_kind", Param.TEXTS), ("", Param.TEXTS), ("_count", Param.NUMBER))
}
KIND = Kind(
    name="saved-search",
    action=_("See the results"),
    # ``asked``: the search as its owner typed it. In the body alone: subjects are read by others.
    params={"asked": Param.WORDS, "count": Param.NUMBER, "every": Param.CODE},
    # ``more``: there are more than ``count``; ``rest``: how many no line names.
    optional={**_LINES, "more": Param.CODE, "filtered": Param.CODE, "rest": Param.NUMBER},
    because=Because.SAVED,
)


def events_of(question: int) -> str:
    """How the event of each notice about this question begins."""
    return f"saved:{question}:"


def register_kind() -> None:
    """Called from ``ready()``."""
    register(KIND)
