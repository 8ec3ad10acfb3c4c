"""Ideas that read like the one somebody is writing: shown while writing and before submitting."""

from __future__ import annotations

from core.fold import fold
from ideas.models import Idea
from ideas.search_index import KIND
from participation.models import Engagement
from search.similar import alike

#: How many are shown.
SHOWN = 4
#: Shorter beginnings are like everything.
SHORTEST = 3


def similar_ideas(
    engagement: Engagement, title: str, text: str = "", *, but: Idea | None = None
) -> list[Idea]:
    """Public ideas of the contest whose titles are most like this one's, best first.

    A title that is not there yet is compared by the first line of the text. In any script.
    ``but``: an idea that is left out, the one that is asked about.
    """
    wanted = (title.strip() or text.strip().split("\n", 1)[0])[:200]
    if len(fold(wanted).strip()) < SHORTEST:
        return []
    # One more, since the idea itself is most like itself.
    found = alike(wanted, kinds=[KIND], scope=engagement.public_id, limit=SHOWN + 1)
    keys = [each.object_id for each in found if but is None or each.object_id != but.pk]
    rows = Idea.objects.public().filter(engagement=engagement).with_card().in_bulk(keys)
    return [rows[key] for key in keys if key in rows][:SHOWN]
