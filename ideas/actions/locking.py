"""Hold ideas while the bureau decides on them, in one order for everybody.

The order is: a contest's merges, then ideas that nobody leads, then led ones by who leads them; by
primary key among equals. A leading idea that is withdrawn is held before those it led
(``actions.merging.release_led``), so whoever holds two must not begin with the led one.
"""

from __future__ import annotations

from django.db.models import F

from core.exceptions import Absent
from ideas.models import Contest, Idea
from participation.models import Contribution


def lock_merges(contest: int) -> None:
    """Hold what says which idea leads which, by the engagement's key; before any idea is held.

    Only merging makes a led idea of one that was not, so under this lock the order below stands.
    """
    Contest.objects.select_for_update(of=("self",), no_key=True).get(pk=contest)


def lock_ideas(*ideas: Idea) -> list[Idea]:
    """The ideas as they stand now, in the order given, held until the transaction ends.

    Their entries are held, as their authors' and moderators' acts hold them
    (``actions.ideas.follow_contribution`` runs below that lock); two at once in the order above.
    """
    keys = [idea.pk for idea in ideas]
    held = Contribution.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(held.order_by(F("idea__merged_into").asc(nulls_first=True), "pk"))
    rows = (
        Idea.objects.select_related(
            "contribution__engagement__owner", "contribution__person", "engagement__owner", "thread"
        )
        .prefetch_related("engagement__phases", "engagement__partners")
        .in_bulk(keys)
    )
    if len(rows) != len(set(keys)):
        raise Absent
    return [rows[key] for key in keys]
