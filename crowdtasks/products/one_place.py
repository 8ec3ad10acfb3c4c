"""How many rewards of a round the tries from one place may hold while nobody has claimed them.

A try without an account holds a reward until its code is used or too late. Somebody who begins
again and again with fresh cookies would hold all of them; so what is begun from one network address
beyond a share of the round's rewards holds none. It is looked at by an officer when it is claimed
and refused to nobody, since a school or a mobile network has one address too (ADR 68).

It is a share of what is held at once, not of what can be had: of fewer than fifteen rewards three
are more than a fifth, a round longer than the count begins anew, and at the close what is left is
set aside for codes wherever they are from.
"""

from __future__ import annotations

import datetime as dt

from core import limits
from crowdtasks.products.models import Round

#: One part in so many of a round's rewards, but never fewer than a family needs.
SHARE = 5
LEAST = 3
#: How long a place's tries are counted: by a keyed digest of round and address in the cache alone.
COUNTED_DAYS = 30


def is_many(row: Round, source: str) -> bool:
    """Count a try that begins from this place, and say whether it is beyond what holds a reward.

    ``source``: the network address' key (``limits.address``); without one nothing is counted.
    """
    if not source or not row.reward:
        return False
    seconds = int(dt.timedelta(days=COUNTED_DAYS).total_seconds())
    most = max(LEAST, row.most // SHARE)
    place = f"{row.engagement.public_id}:{source}"
    return not limits.within("round_place", place, most=most, seconds=seconds)
