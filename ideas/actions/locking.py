"""Hold ideas while the bureau decides on them, in the order everything else is held."""

from __future__ import annotations

from core.exceptions import Absent
from ideas.models import Idea
from participation.models import Contribution


def lock_ideas(*ideas: Idea) -> list[Idea]:
    """The ideas as they stand now, in the order given, held until the transaction ends.

    Their entries are held, as their authors' and moderators' acts hold them
    (``actions.ideas.follow_contribution`` runs below that lock); two at once by primary key.
    """
    keys = [idea.pk for idea in ideas]
    held = Contribution.objects.select_for_update(of=("self",)).filter(pk__in=keys)
    list(held.order_by("pk"))
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
