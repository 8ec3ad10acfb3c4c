"""Make a key, or seal what is sealed anew with the newest one."""

from __future__ import annotations

from typing import Any

from cryptography.fernet import Fernet
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from crowdtasks.rewards.models import Redemption, Unit
from crowdtasks.rewards.sealing import Unsealable, is_newest, resealed

_AT_ONCE = 500


class Command(BaseCommand):
    """Safe to stop and to run again; the platform may run meanwhile with both keys set."""

    help = (
        "Seals voucher and collection codes anew with the first of VOUCHER_KEYS. --check only "
        "counts; --new prints a new key and touches nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The three ways."""
        parser.add_argument("--check", action="store_true", help="count, change nothing")
        parser.add_argument("--new", action="store_true", help="print a new key")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 0 when all is under the newest key, else 1 with how many are not."""
        if options["new"]:
            self.stdout.write(Fernet.generate_key().decode())
            return
        changed, unread = 0, 0
        for model, field in ((Unit, "sealed"), (Redemption, "slip_sealed")):
            more, bad = self._rotate(model, field, write=not options["check"])
            changed, unread = changed + more, unread + bad
        if unread:
            raise CommandError(f"{unread} codes open with none of VOUCHER_KEYS.")
        if options["check"] and changed:
            raise CommandError(f"{changed} codes are not under the newest key yet.")
        self.stdout.write(f"{changed} codes sealed anew." if changed else "All is under it.")

    def _rotate(self, model: Any, field: str, *, write: bool) -> tuple[int, int]:
        """How many were (or would be) sealed anew, and how many no key opens."""
        changed, unread, last = 0, 0, 0
        rows = model.objects.exclude(**{field: ""}).order_by("pk")
        while True:
            with transaction.atomic():
                part = rows.filter(pk__gt=last).select_for_update()[:_AT_ONCE]
                found = list(part.only("pk", field))
                if not found:
                    return changed, unread
                old = [row for row in found if not is_newest(getattr(row, field))]
                kept = []
                for row in old:
                    try:
                        setattr(row, field, resealed(getattr(row, field)))
                    except Unsealable:
                        unread += 1
                    else:
                        kept.append(row)
                if write and kept:
                    model.objects.bulk_update(kept, [field])
                changed, last = changed + len(kept), found[-1].pk
