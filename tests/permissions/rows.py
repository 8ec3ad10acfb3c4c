"""The words the permission table is written in. Each room's rows stand in a module of its own.

A module ``tests/permissions/<app>.py`` has a list ``ROWS``. One row says for one address and one
method what every role is answered, and, for a write, what the database must hold afterwards.

    Row("accounts:verify", "POST", only("administrator"), kwargs=..., data=..., check=...)

``expected`` names a status for each role, ``"*"`` for those not named. A status may be a set.
Callables get the ``World`` of ``world.py`` and, where it matters, the role's name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.permissions.world import ROLES, World

Status = int | frozenset[int]
Expected = Mapping[str, Status]


def nothing(world: World, role: str) -> dict[str, Any]:
    """No url arguments, or no fields."""
    return {}


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ``kwargs`` is asked once: every role tries the same address, which is made before their turns.
    ``check(world, role, done)`` asserts on the database; ``done`` is whether this role was to be
    let through. A row of a method that writes must have one. ``prepare`` runs before the request
    with the role's client, for what the world has not; where it is ``once``, it asks neither and is
    run before all roles' turns.
    """

    name: str
    method: str
    expected: Expected
    kwargs: Callable[[World, str], dict[str, Any]] = nothing
    data: Callable[[World, str], dict[str, Any]] = nothing
    check: Callable[[World, str, bool], None] | None = None
    prepare: Callable[[World, str, Any], None] | None = None
    query: str = ""
    done: frozenset[str] | None = None
    label: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    once: bool = False

    def status(self, role: str) -> Status:
        """What the table says for a role; KeyError when it says nothing."""
        return self.expected[role] if role in self.expected else self.expected["*"]

    def lets_through(self, role: str) -> bool:
        """Whether the role's request is carried out: the roles of ``done``, else by status."""
        if self.done is not None:
            return role in self.done
        status = self.status(role)
        found = status if isinstance(status, frozenset) else {status}
        return all(one < 400 for one in found)

    @property
    def id(self) -> str:
        """The row's name in the test report."""
        return f"{self.method} {self.name}{' ' + self.label if self.label else ''}"


def everyone(status: int = 200) -> Expected:
    """The same answer for all roles."""
    return {"*": status}


def signed_in(status: int = 200, *, nobody: int = 302) -> Expected:
    """All who are signed in; nobody, and who is suspended, is led to sign in (or 401)."""
    return {"*": status, "anonymous": nobody, "suspended": nobody}


def only(*roles: str, status: int = 200, others: int = 403, nobody: int = 302) -> Expected:
    """These roles; others are refused, nobody (and who is suspended) is led to sign in."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"No such roles: {unknown}.")
    return {
        "*": others,
        "anonymous": nobody,
        "suspended": nobody,
        **dict.fromkeys(roles, status),
    }
