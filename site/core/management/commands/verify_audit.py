"""Prove the audit trail: 0 when it holds, 1 and one sentence a fault when it does not."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from core import audit


class Command(BaseCommand):
    """``manage.py verify_audit``."""

    help = (
        "Link what waits, then prove the audit chain, every audited row and the registered checks."
        " Exits 0 when everything is as it was written, 1 when something was changed or deleted."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        report = audit.verify()
        self.stdout.write(
            f"{report.entries} entries, {report.links} links, {report.rows} rows,"
            f" {report.checks} further checks."
        )
        if report.ok:
            self.stdout.write("The audit trail holds.")
            return
        for sentence in report.faults:
            self.stderr.write(sentence)
        if report.more:
            self.stderr.write(f"And {report.more} more.")
        self.stderr.write("The audit trail does not hold.")
        sys.exit(1)
