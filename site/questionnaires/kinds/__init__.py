"""What kinds of questions there are. One small class each, found by its name.

A kind says how it is asked (``form_field``), judged (``clean``), kept (``store``, ``read``), shown
(``describe``) and counted (``buckets``, ``report_as``). Everything else knows kinds by this alone,
so a new kind is a class here and a line in ``models.QuestionKind``.

JSON values, in drafts, in the API and in the entry's text: one ``{"option": key, "other": text}``;
several ``{"options": [keys], "other": text}``; scale a whole number; number a decimal string; date
an ISO string; texts a string; consent true. An unanswered question has no value at all.

Settings of a question, all optional:

- scale: ``least`` (1) and ``most`` (5), whole numbers; ``labels``: texts by step, as a string key
- number: ``least``, ``most`` (decimal strings), ``places`` (0), ``unit`` (texts)
- date: ``least``, ``most`` (ISO dates)
- several: ``least``, ``most`` (how many may be chosen)
- short, long: ``limit`` (characters), ``private`` (true: never published, whatever is chosen)
"""

from collections.abc import Mapping

from questionnaires.kinds.base import Kind
from questionnaires.kinds.choices import One, Several
from questionnaires.kinds.texts import Information, Long, Short
from questionnaires.kinds.values import Consent, Date, Number, Scale

__all__ = ["Kind", "known", "names", "of"]

_KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        One(),
        Several(),
        Scale(),
        Number(),
        Date(),
        Short(),
        Long(),
        Consent(),
        Information(),
    )
}


def of(name: str) -> Kind:
    """The kind of that name; raises LookupError for one that is not there."""
    try:
        return _KINDS[name]
    except KeyError:
        raise LookupError(f"There is no kind of question called {name!r}.") from None


def known(name: str) -> bool:
    """Whether there is such a kind."""
    return name in _KINDS


def names() -> tuple[str, ...]:
    """The names of all kinds, in the order editors are offered them."""
    return tuple(_KINDS)
