"""The bodies of the government, from the list kept with the code."""

import json
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Bureau
from core import audit

BUREAUX_FILE = Path(__file__).resolve().parent.parent / "data" / "bureaux.json"


def slug_of(code: str) -> str:
    """The part of an address that stands for a body: ``C&ED`` is ``canded``, ``Govt Lab`` is
    ``govt-lab``."""
    return code.lower().replace("&", "and").replace(" ", "-")


@transaction.atomic
def seed_bureaux() -> int:
    """Make the bodies that are missing and bring names and kinds up to the list; returns how many
    rows changed.

    May be run again at any time. What a platform decides for itself (``in_use``, and the parent
    of a body that has one) is left alone.
    """
    entries: list[dict[str, Any]] = json.loads(BUREAUX_FILE.read_text(encoding="utf-8"))["bureaux"]
    known = {row.code: row for row in Bureau.objects.all()}
    changed: dict[str, Bureau] = {}
    for order, entry in enumerate(entries):
        row = known.get(entry["code"]) or Bureau(code=entry["code"])
        wanted = {
            "slug": slug_of(entry["code"]),
            "kind": entry["kind"],
            "name": entry["name"],
            "sort_order": order,
        }
        if row.pk is None or any(getattr(row, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(row, name, value)
            row.save()
            known[row.code] = changed[row.code] = row
    for entry in entries:
        row = known[entry["code"]]
        if entry.get("parent") and row.parent_id is None:
            row.parent = known[entry["parent"]]
            row.save(update_fields=["parent"])
            changed[row.code] = row
    if changed:
        audit.record("bureaux.seed", actor="system", rows=changed.values())
    return len(changed)
