"""``manage.py take_report ID``: freeze a report and make its files now, without a worker."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import clock
from core.texts import LANGUAGES
from feedback.actions.snapshots import make_report
from feedback.models import Making
from participation.models import Engagement


class Command(BaseCommand):
    """For those who run the platform; the report is the bureau's, and who may read it unchanged."""

    help = "Freeze a version of a consultation's report and make its files, as the job does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the consultation's public id")
        parser.add_argument("--language", choices=LANGUAGES, default="en")
        parser.add_argument("--no-files", action="store_true", help="freeze only")

    def handle(self, *args: Any, **options: Any) -> None:
        engagement = (
            Engagement.objects.select_related("owner")
            .filter(public_id=options["id"], published_at__isnull=False)
            .first()
        )
        if engagement is None:
            raise CommandError(f"No published consultation has the id {options['id']!r}.")
        making = Making.objects.create(
            engagement=engagement, language=options["language"], asked_at=clock.now()
        )
        snapshot = make_report(making=making, with_files=not options["no_files"])
        self.stdout.write(
            json.dumps(
                {
                    "version": snapshot.version,
                    "taken_at": snapshot.data["taken_at"],
                    "sha256": snapshot.sha256,
                    "files": {file.format: file.size for file in snapshot.files.order_by("format")},
                }
            )
        )
