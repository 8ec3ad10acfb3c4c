"""Who comes when nothing is left to be had is told so at once, without waiting for anybody.

When a hundred press at one instant for ten things, ninety get nothing. On PostgreSQL one look says
so: what is free is held by other buyers, and this very press is not under way. No row is locked
that is not had, and no transaction begun. On SQLite, where one transaction is at work at a time,
the look is at what is free.
"""

from __future__ import annotations

import hashlib

from django.db import connection

from crowdtasks.rewards.models import Reward, Unit

#: While the same press is at work elsewhere, no unit is looked at: it could be the one it takes.
_LOOK = """
    SELECT CASE WHEN pg_try_advisory_xact_lock(%s) THEN NOT EXISTS (
        SELECT id FROM rewards_unit
         WHERE reward_id = %s AND taken_at IS NULL AND void_at IS NULL
         ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) ELSE false END
"""


def nothing_for(reward: Reward, key: str) -> bool:
    """Whether no unit can be had now, and no other request with this key is at work.

    A unit that another buyer holds may become free again if that one is refused, as when the look
    had come a moment earlier.
    """
    if connection.vendor != "postgresql":
        return not Unit.objects.free().filter(reward=reward).exists()
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [_number(key), reward.pk])
        return bool(cursor.fetchone()[0])


def made_by(key: str) -> int | None:
    """The primary key of what a press with this key has made; None for nothing.

    Written out, as nearly everybody in a rush asks it and gets nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM rewards_redemption WHERE key = %s", [key])
        found = cursor.fetchone()
    return int(found[0]) if found else None


def wait_for_the_same(key: str) -> None:
    """Let a request with this key that came before go first; held until the transaction ends."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_number(key)])


def _number(key: str) -> int:
    """The key as PostgreSQL's number of a lock. Two keys with one number wait for each other."""
    found = hashlib.sha256(f"redeem:{key}".encode()).digest()
    return int.from_bytes(found[:8], signed=True)
