"""Kinds of notices: what each must be told, and which words it is made of.

A kind is registered once, from ``AppConfig.ready()`` of the app that owns it. Its words are two
templates, in any app's ``templates/notices/``:

``<kind>.subject.txt``
    One line. Never a code, a choice or a withheld text: a subject is read over shoulders.
``<kind>.txt``
    What happened, in paragraphs parted by an empty line. A paragraph of lines beginning with
    ``> `` is a quotation (a ``QUOTE`` parameter renders itself so), of ``- `` a list.
``<kind>.next.txt``
    What comes next: the same form.

Plain mail, HTML mail and the page are all made from these words, so they cannot differ. Every
parameter is declared with its type and checked when the notice is written: what is missing or
wrong raises ``ParamError`` in the caller, not in the mail job an hour later.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.utils.functional import Promise

from core.texts import LANGUAGES


class ParamError(ValueError):
    """The caller gave a notice something else than its kind declares: a programmer's mistake."""


class UnknownKind(LookupError):
    """No kind of that name is registered."""


class Param(Enum):
    """What a parameter is; stored as JSON, shown in the recipient's language."""

    #: A text by language, ``{"en": …}``, shown on one line (titles, names of bureaux).
    TEXTS = "texts"
    #: A text by language that may have paragraphs, shown as a quotation (reasons, summaries).
    QUOTES = "quotes"
    #: Words by a person on one line, shown as they are (display names).
    WORDS = "words"
    #: A text by a person, shown as a quotation (notes, sentences to the author).
    QUOTE = "quote"
    #: An instant: an aware datetime or its ISO form. Shown as date and time in Hong Kong.
    MOMENT = "moment"
    #: An exclusive close; the last open minute is shown.
    DEADLINE = "deadline"
    #: A day: a date or its ISO form.
    DAY = "day"
    #: A whole number; templates get the number (for plurals).
    NUMBER = "number"
    #: A word for machines that the template branches on.
    CODE = "code"


class Because(Enum):
    """Why somebody gets a mail: its foot says so, in one sentence (``notifications/why.txt``).

    A mail to a follower says that they follow it, whatever its kind.
    """

    TOOK_PART = "took-part"
    #: An officer, approver, moderator or administrator, by that role.
    ROLE = "role"
    #: A sign-in code, or a code that confirms a new address.
    CODE = "code"
    NEW_ADDRESS = "new-address"
    #: The reader asked for this link a moment ago.
    ASKED = "asked"
    INVITED = "invited"
    FOLLOW_ASKED = "follow-asked"
    #: The reader put themselves down for being asked, under their account.
    JOINED = "joined"
    #: The reader keeps a search and asked to be told of what is new for it.
    SAVED = "saved"
    #: Something about the account changed.
    ACCOUNT = "account"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of notice.

    ``params`` are required, ``optional`` may be left out (the template gets an empty value).
    ``action`` is the words of the one link. ``essential`` says whether an account that switched
    mails off gets it by mail nevertheless; it is asked with the parameters. ``secret_path`` marks
    kinds whose link lets its holder in (invitations): the link is removed from the row once the
    mail has gone. ``stored=False`` is for what may not be a row at all (sign-in codes).
    ``because`` is why it comes at all.
    """

    name: str
    action: str | Promise
    params: Mapping[str, Param] = field(default_factory=dict)
    optional: Mapping[str, Param] = field(default_factory=dict)
    essential: Callable[[Mapping[str, Any]], bool] = lambda params: False
    secret_path: bool = False
    stored: bool = True
    because: Because = Because.TOOK_PART

    @property
    def all_params(self) -> dict[str, Param]:
        """Required and optional parameters with their types."""
        return {**self.params, **self.optional}


_registry: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. A second, different kind of the same name is refused."""
    known = _registry.get(kind.name)
    if known is not None and known is not kind:
        raise ValueError(f"The notice kind '{kind.name}' is registered already.")
    _registry[kind.name] = kind
    return kind


def find(name: str) -> Kind:
    """The kind of that name; raises ``UnknownKind``."""
    try:
        return _registry[name]
    except KeyError:
        raise UnknownKind(f"No notice kind is called '{name}'.") from None


def registered() -> tuple[Kind, ...]:
    """Every kind, by name."""
    return tuple(_registry[name] for name in sorted(_registry))


def stored_params(kind: Kind, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as the row keeps them (JSON); raises ``ParamError`` naming what is wrong."""
    declared = kind.all_params
    unknown = sorted(set(params) - set(declared))
    if unknown:
        raise ParamError(f"'{kind.name}' takes no {', '.join(unknown)}.")
    kept: dict[str, Any] = {}
    for name, param in declared.items():
        value = params.get(name)
        if value is None or value in ("", {}):
            if name in kind.params:
                raise ParamError(f"'{kind.name}' needs {name}.")
            continue
        try:
            kept[name] = _STORE[param](value)
        except (TypeError, ValueError) as error:
            raise ParamError(f"'{kind.name}': {name} is no {param.value} ({error}).") from None
    return kept


def _texts(value: Any) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError("a dict by language is needed")
    strange = set(value) - set(LANGUAGES)
    if strange:
        raise ValueError(f"unknown languages {sorted(strange)}")
    texts = {code: _words(text) for code, text in value.items() if text}
    if not texts:
        raise ValueError("no language has a text")
    return texts


def _words(value: Any) -> str:
    if isinstance(value, str | Promise):
        return str(value)
    raise TypeError("text is needed")


def _moment(value: Any) -> str:
    moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, dt.datetime) or moment.tzinfo is None:
        raise TypeError("an aware datetime is needed")
    return moment.isoformat()


def _day(value: Any) -> str:
    day = dt.date.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise TypeError("a date is needed")
    return day.isoformat()


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is needed")
    return value


_STORE: dict[Param, Callable[[Any], Any]] = {
    Param.TEXTS: _texts,
    Param.QUOTES: _texts,
    Param.WORDS: _words,
    Param.QUOTE: _words,
    Param.MOMENT: _moment,
    Param.DEADLINE: _moment,
    Param.DAY: _day,
    Param.NUMBER: _number,
    Param.CODE: _words,
}
