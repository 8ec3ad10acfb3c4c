"""Ideas that read like the one somebody is writing: shown while writing and before submitting.

The folded titles of a contest's public ideas are held in the process, under a stamp that changes
with every idea that becomes public, changes or goes: asking is one small query and one comparison
of short strings in C.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Max
from rapidfuzz import fuzz, process

from core.fold import fold
from ideas.models import Idea
from participation.models import Engagement

#: How many are shown, and how alike they must be (0-100).
SHOWN = 4
LEAST = 55
#: Shorter beginnings are like everything.
SHORTEST = 3
#: Contests whose titles a process holds.
_HELD = 8


#: How long before its commit an idea may have taken its time.
_LATE = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Titles:
    number: int
    last: dt.datetime | None
    #: The folded title of each public idea, by its key.
    folded: dict[int, str]


_held: dict[str, _Titles] = {}


def _titles(engagement: Engagement) -> _Titles:
    rows = Idea.objects.public().filter(engagement=engagement)
    found = rows.aggregate(number=Count("pk"), last=Max("changed_at"))
    known = _held.get(engagement.public_id)
    if known is not None and (known.number, known.last) == (found["number"], found["last"]):
        return known
    folded = _brought_up(engagement, known)
    if len(folded) != found["number"]:
        folded = dict(rows.order_by("pk").values_list("pk", "folded_title"))
    while len(_held) >= _HELD:
        del _held[next(iter(_held))]
    titles = _held[engagement.public_id] = _Titles(found["number"], found["last"], folded)
    return titles


def _brought_up(engagement: Engagement, known: _Titles | None) -> dict[int, str]:
    """What was known with the changes since: one new idea does not have all of them read again."""
    if known is None or known.last is None:
        return {}
    folded = dict(known.folded)
    changed = Idea.objects.filter(engagement=engagement, changed_at__gte=known.last - _LATE)
    for key, title, public in changed.values_list("pk", "folded_title", "is_public"):
        if public:
            folded[key] = title
        else:
            folded.pop(key, None)
    return folded


def warm(engagement: Engagement) -> None:
    """Read the titles into this process where it holds none of this contest yet; else nothing.

    For the page on which somebody begins to write: reading 20,000 titles takes as long as comparing
    them, and the first who asks would wait for both.
    """
    if engagement.public_id not in _held:
        _titles(engagement)


def similar_ideas(engagement: Engagement, title: str, text: str = "") -> list[Idea]:
    """Public ideas of the contest whose titles are most like this one's, best first.

    A title that is not there yet is compared by the first line of the text. In any script.
    """
    wanted = fold(title.strip() or text.strip().split("\n", 1)[0])[:200].strip()
    if len(wanted) < SHORTEST:
        return []
    titles = _titles(engagement)
    found = process.extract(
        wanted, titles.folded, scorer=fuzz.token_set_ratio, limit=SHOWN, score_cutoff=LEAST
    )
    if not found:
        found = process.extract(
            wanted, titles.folded, scorer=fuzz.ratio, limit=SHOWN, score_cutoff=LEAST
        )
    keys = [key for _title, _score, key in found]
    rows = Idea.objects.public().with_card().in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
