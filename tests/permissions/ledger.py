"""Points: everybody's own, and nobody else's."""

from __future__ import annotations

from tests.permissions.rows import Row, signed_in

NOBODY = {"anonymous": 401, "suspended": 401}
ROWS = [
    Row("ledger:my_points", "GET", signed_in()),
    Row("ledger:statement_file", "GET", signed_in()),
    Row("api:own-points", "GET", {"*": 200, **NOBODY}),
    Row("api:own-statement", "GET", {"*": 200, **NOBODY}),
]
