"""What is public and reads like a text that a moderator reads."""

from __future__ import annotations

import datetime as dt

from moderation.registry import TargetView
from search import registry
from search.more import Like, likes
from search.similar import alike

#: Public texts like an item's own that are named beside it.
NAMED_ALIKE = 3


def public_alike(view: TargetView, now: dt.datetime) -> list[Like]:
    """What is public on the same engagement and reads like this text: a copy, or one sent again.

    Of a text that is public itself, the others.
    """
    if not view.engagement_id:
        return []
    found = alike(
        view.text,
        kinds=list(registry.kinds()),
        scope=view.engagement_id,
        limit=NAMED_ALIKE + 1,
        whole=True,
    )
    others = [each for each in likes(found, now) if each.shown.key != view.public_id]
    return others[:NAMED_ALIKE]
