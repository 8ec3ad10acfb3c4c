"""Who comes when nothing is left to be had is told so at once; who gets something holds it alone.

When a hundred press at one instant for ten things, ninety get nothing, and what each of them costs
is what the ten wait for. So one statement finds that nothing is free, or lets a press with the same
key go first, holds the person, and takes one unit that nobody else holds: in this order (ADR 57).
Where nothing is free it waits for nobody and locks nothing. On SQLite, where one transaction writes
at a time, the look comes before the transaction.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.models import Bureau, Person
from accounts.persons import living
from crowdtasks.rewards.models import Redemption, Reward, Unit

#: Each part is begun when the one before it has found a row, so nobody waits out of turn.
_TAKE = """
    WITH free AS MATERIALIZED (
        SELECT 1 FROM rewards_unit
         WHERE reward_id = %s AND taken_at IS NULL AND void_at IS NULL LIMIT 1
    ), turn AS MATERIALIZED (
        SELECT {wait_for_the_same} FROM free
    ), buyer AS MATERIALIZED (
        SELECT id, public_id, merged_into_id, erased_at FROM accounts_person
         WHERE id = %s AND EXISTS (SELECT * FROM turn)
         {hold_the_person}
    ), unit AS MATERIALIZED (
        SELECT id, batch_id, digest FROM rewards_unit
         WHERE reward_id = %s AND taken_at IS NULL AND void_at IS NULL
           AND EXISTS (SELECT * FROM buyer WHERE merged_into_id IS NULL)
         ORDER BY id LIMIT 1
         {past_other_buyers}
    )
    SELECT buyer.id, public_id, merged_into_id, erased_at IS NOT NULL,
           unit.id, batch_id, digest
      FROM buyer LEFT JOIN unit ON 1 = 1
"""
_ON_POSTGRESQL = _TAKE.format(
    wait_for_the_same="pg_advisory_xact_lock(%s)",
    hold_the_person="FOR NO KEY UPDATE",
    past_other_buyers="FOR UPDATE SKIP LOCKED",
)
# The number of the key is asked for there too, so that both take the same values.
_ON_SQLITE = _TAKE.format(wait_for_the_same="%s", hold_the_person="", past_other_buyers="")
_OFFER = """
    SELECT reward.id, reward.public_id, reward.bureau_id, reward.kind, reward.state, reward.name,
           reward.points, reward.per_person, reward.opens_at, reward.closes_at, reward.supplier,
           reward.product, reward.collect_days, bureau.name AS bureau_name
      FROM rewards_reward AS reward JOIN accounts_bureau AS bureau ON bureau.id = reward.bureau_id
     WHERE reward.id = %s
"""
_HAD = """
    SELECT key, slot, id FROM rewards_redemption
     WHERE key = %s OR (reward_id = %s AND person_id = %s AND slot IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a press found. ``unit`` is one that it has, ``person`` whose it will be, both locked
    until the transaction ends; both are None where none was left. ``made`` is what a press with
    this key has made before, ``slots`` those that the person has of this reward."""

    person: Person | None
    unit: Unit | None
    made: int | None
    slots: frozenset[int]


def none_free(reward: Reward) -> bool:
    """Before a transaction: whether it can be known without one that nothing is left.

    On PostgreSQL a transaction waits for nobody, and its first statement finds the same.
    """
    if connection.vendor == "postgresql":
        return False
    return not Unit.objects.free().filter(reward=reward).exists()


def take(reward: Reward, person: Person, key: str) -> Turn:
    """Let an earlier press with this key end, lock the living person, then a unit that is free.

    A unit that another buyer holds may become free again if that one is refused, as when the press
    had come a moment earlier.
    """
    pk = living(person).pk
    while True:
        held, had = _ask([reward.pk, _number(key), pk, reward.pk], [key, reward.pk, pk])
        if held is None or held[2] is None:
            break
        # It was merged a moment ago: its rows are the other's now.
        pk = held[2]
    made = next((number for one, _slot, number in had if one == key), None)
    slots = frozenset(slot for _one, slot, _number in had if slot is not None)
    if held is None or held[4] is None:
        return Turn(None, None, made, slots)
    return Turn(_person(held), _unit(held, reward), made, slots)


def _ask(take: list[Any], had: list[Any]) -> tuple[Any, list[Any]]:
    """Both statements, the second of which sees what was committed while the first waited.

    PostgreSQL is sent them in one message: nearly everybody in a rush asks just these. Each has a
    snapshot of its own all the same (READ COMMITTED).
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"{_ON_POSTGRESQL}; {_HAD}", [*take, *had])
            found = cursor.fetchone()
            cursor.nextset()
        else:
            cursor.execute(_ON_SQLITE, take)
            found = cursor.fetchone()
            cursor.execute(_HAD, had)
        return found, cursor.fetchall()


def _person(held: Any) -> Person:
    pk, public_id, _merged, is_closed, *_unit = held
    if is_closed:
        return Person.objects.get(pk=pk)
    names = ["id", "public_id", "merged_into_id", "erased_at"]
    return Person.from_db(connection.alias, names, [pk, public_id, None, None])


def _unit(held: Any, reward: Reward) -> Unit:
    *_person, pk, batch, digest = held
    names = ["id", "reward_id", "batch_id", "digest", "taken_at", "void_at"]
    return Unit.from_db(connection.alias, names, [pk, reward.pk, batch, digest, None, None])


def offer_of(reward: Reward) -> Reward:
    """The reward as it stands now, with its body's name; texts of its page are left out."""
    found: Any = Reward.objects.raw(_OFFER, [reward.pk])
    row: Reward = found[0]
    name = json.loads(row.bureau_name)  # type: ignore[attr-defined]
    row.bureau = Bureau.from_db(connection.alias, ["id", "name"], [row.bureau_id, name])
    return row


def made_by(key: str) -> int | None:
    """The primary key of what a press with this key has made; None for nothing."""
    rows = Redemption.objects.filter(key=key).values_list("pk", flat=True)
    return rows.first()


def _number(key: str) -> int:
    """The key as PostgreSQL's number of a lock. Two keys with one number wait for each other."""
    found = hashlib.sha256(f"redeem:{key}".encode()).digest()
    return int.from_bytes(found[:8], signed=True)
