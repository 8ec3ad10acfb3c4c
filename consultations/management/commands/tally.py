"""``manage.py tally ID``: the counts of a consultation's statements by each person's last vote."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from consultations.statements import is_sealed, tally
from core import clock
from participation.models import Engagement


class Command(BaseCommand):
    """For those who run the platform: withheld statements are counted and listed too."""

    help = "Print the counts by last vote of every statement of a consultation, as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the consultation's public id")

    def handle(self, *args: Any, **options: Any) -> None:
        engagement = Engagement.objects.filter(public_id=options["id"]).first()
        if engagement is None:
            raise CommandError(f"No consultation has the id {options['id']!r}.")
        if engagement.state == "published" and is_sealed(engagement, clock.now()):
            raise CommandError("The results are sealed for everybody until their stated time.")
        rows = [
            {
                "id": statement.public_id,
                "import_id": statement.import_id,
                "state": statement.state,
                "agree": counts.agree,
                "disagree": counts.disagree,
                "pass": counts.passed,
            }
            for statement, counts in tally(engagement)
        ]
        self.stdout.write(json.dumps({"statements": rows}, ensure_ascii=False))
