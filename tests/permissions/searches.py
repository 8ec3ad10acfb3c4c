"""What is looked for: administrators alone."""

from __future__ import annotations

from tests.permissions.cms import cms
from tests.permissions.rows import Row

#: Whoever else may enter the CMS finds nothing; who may not is led to the door.
SEEN = cms(officer=404, officer2=404, approver=404, administrator=200)

ROWS = [
    Row("searches:searches", "GET", SEEN),
    Row("searches:why", "GET", SEEN, query="?q=tree"),
    Row("searches:file", "GET", SEEN, kwargs=lambda world, role: {"table": "asked"}),
]
