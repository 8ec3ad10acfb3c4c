"""Draw again what was drawn: same seed and frame, same people. Changes nothing."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.exceptions import Absent
from crowdtasks.panel.access import access_draw
from crowdtasks.panel.proof import faults_of


class Command(BaseCommand):
    """``manage.py verify_draw NUMBER``: exit 0, or 1 with each fault named."""

    help = "Draws a recorded draw again from its seed and frame, and compares."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("draw", help="the draw's number, as the export of its round says")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            row = access_draw(options["draw"])
        except Absent:
            raise CommandError(f"There is no draw {options['draw']!r}.") from None
        faults = list(faults_of(row))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults.")
        invited = row.invitations.count()
        self.stdout.write(
            f"{row.method}, seed {row.seed}, {row.frame_size} in the frame, SHA-256 "
            f"{row.frame_digest}: {sum(row.quota.values())} drawn, {invited} invited with "
            "those for places that came free. The same people are drawn again."
        )
