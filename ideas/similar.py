"""Ideas that read like the one somebody is writing: shown while writing and before submitting.

The folded titles of a contest's public ideas are held in the process, under a stamp that changes
with every idea that becomes public, changes or goes: asking is one small query and one comparison
of short strings in C.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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


@dataclass(frozen=True, slots=True)
class _Titles:
    stamp: tuple[Any, ...]
    folded: list[str]
    keys: list[int]


_held: dict[int, _Titles] = {}


def _titles(engagement: Engagement) -> _Titles:
    rows = Idea.objects.public().filter(engagement=engagement)
    found = rows.aggregate(number=Count("pk"), last=Max("changed_at"))
    stamp = (found["number"], found["last"])
    known = _held.get(engagement.pk)
    if known is not None and known.stamp == stamp:
        return known
    pairs = list(rows.order_by("pk").values_list("pk", "folded_title"))
    titles = _Titles(stamp, [title for _pk, title in pairs], [pk for pk, _title in pairs])
    while len(_held) >= _HELD:
        del _held[next(iter(_held))]
    _held[engagement.pk] = titles
    return titles


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
    keys = [titles.keys[place] for _title, _score, place in found]
    rows = Idea.objects.public().with_card().in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
