"""What many rows of one room stand on: made once for them all, before what a row makes of its own.

A module of rows may have a list ``COMMON`` of what is asked like a row's ``kwargs``. Nothing of it
may be what a row of the module looks for, since it is there before anybody's turn.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Iterable
from dataclasses import replace

from tests.permissions.rows import Row
from tests.permissions.world import ROLES, World


def room_of(row: Row) -> str:
    """The module whose ``COMMON`` the row stands on; that of ``nothing`` has none."""
    return row.kwargs.__module__


def furnish(world: World, room: str) -> World:
    """The world with what the rows of a room have in common. Leaves ``world`` as it is."""
    found = replace(world, things={})
    for make in getattr(sys.modules[room], "COMMON", ()):
        make(found, ROLES[0])
    return found


def copy_of(world: World) -> World:
    """The same rows, and things of its own that may be changed in memory."""
    return replace(world, things=copy.deepcopy(world.things))


def by_room(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """The rows of each room, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(room_of(row), []).append(row)
    return found
