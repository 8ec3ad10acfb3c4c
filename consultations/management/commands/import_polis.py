"""``manage.py import_polis FOLDER --bureau CODE``: a finished conversation, brought in whole."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Bureau
from consultations.importing.polis import import_folder
from consultations.importing.polis_files import BAD_NUMBER, DUPLICATE_COMMENT, UNKNOWN_COMMENT
from core import clock
from core.exceptions import DomainError
from core.folders import BadFolder
from core.texts import LANGUAGES

REASONS = {
    BAD_NUMBER: "a number, time or vote in the record cannot be read",
    DUPLICATE_COMMENT: "the comment's id was used before in the file",
    UNKNOWN_COMMENT: "the vote is on a comment that was not imported",
}


class Command(BaseCommand):
    """Prints what was skipped and why; the last line is JSON that others read."""

    help = "Import a conversation exported from Polis as a closed consultation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder with comments.csv and votes.csv")
        parser.add_argument("--bureau", required=True, metavar="CODE", help="the owning body")
        parser.add_argument("--title", default="", help="default: the topic in summary.csv")
        parser.add_argument("--language", default="", choices=["", *LANGUAGES])
        parser.add_argument(
            "--link", default="", help="where the data is described, for the attribution"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["bureau"]
        bureau = Bureau.objects.filter(code__iexact=code).first()
        if bureau is None:
            raise CommandError(f"No bureau has the code {code!r}.")
        try:
            with clock.scope():
                done = import_folder(
                    folder=options["folder"],
                    bureau=bureau,
                    title=options["title"],
                    language=options["language"],
                    link=options["link"],
                )
        except BadFolder as error:
            raise CommandError(f"{error} Nothing was imported.") from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        for reason, number in done.skipped.items():
            self.stdout.write(f"Skipped {number}: {REASONS[reason]} ({reason}).")
        if not done.new:
            self.stdout.write("Imported before; nothing was added.")
        self.stdout.write(json.dumps(done.as_json(), ensure_ascii=False))
