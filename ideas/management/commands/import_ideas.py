"""``manage.py import_ideas FOLDER --contest ID | --bureau CODE --title …``."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Bureau
from core import clock
from core.exceptions import DomainError
from core.folders import BadFolder
from ideas.importing import reading
from ideas.importing.writing import Into, import_folder
from participation.models import Engagement

SKIPPED = {
    reading.BAD_ID: "an id in the record cannot be read",
    reading.BAD_DATE: "its date or time cannot be read, or lies in the future",
    reading.BAD_NUMBER: "a number in the record cannot be read",
    reading.DUPLICATE_ID: "its id was used before in the file",
    reading.EMPTY_IDEA: "the idea has neither title nor text",
    reading.TOO_LONG: "its text is too long to be kept",
    reading.UNREADABLE: "its text cannot be shown",
    reading.UNKNOWN_IDEA: "the comment is on an idea that was not imported",
}
KEPT = {
    reading.ORPHAN: "what the comment answers is not in the file",
    reading.EMPTY_TEXT: "there is no text",
    reading.LONG_TITLE: "the title was shortened and stands whole in the text",
    reading.REPEATED_TEXT: "the comment says what an earlier one says, word for word",
}


class Command(BaseCommand):
    """Prints what was odd and what was left out; the last line is JSON that others read."""

    help = "Import ideas with their supports and discussion as a closed contest."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="folder with proposals.csv and comments.csv")
        place = parser.add_mutually_exclusive_group(required=True)
        place.add_argument("--contest", metavar="ID", help="fill this closed contest")
        place.add_argument("--bureau", metavar="CODE", help="make a contest of this body")
        parser.add_argument("--title", default="", help="of the new contest")
        parser.add_argument(
            "--language", default="", help="of the texts (es, en, zh-hant…); guessed when left out"
        )
        parser.add_argument(
            "--attribution", default="", help="whose data and which licence; else README.md says it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with clock.scope():
                done = import_folder(
                    folder=options["folder"],
                    into=_into(options),
                    language=options["language"].lower(),
                    attribution=options["attribution"],
                )
        except BadFolder as error:
            raise CommandError(f"{error} Nothing was imported.") from None
        except DomainError as error:
            raise CommandError(str(error)) from None
        for reason, number in done.kept.items():
            self.stdout.write(f"Kept {number}: {KEPT[reason]} ({reason}).")
        for reason, number in done.skipped.items():
            self.stdout.write(f"Skipped {number}: {SKIPPED[reason]} ({reason}).")
        if not done.new:
            self.stdout.write("Imported before; nothing was added.")
        self.stdout.write(json.dumps(done.as_json(), ensure_ascii=False))


def _into(options: dict[str, Any]) -> Into:
    """Raises CommandError for a contest or bureau that is not there, and without a title."""
    if options["contest"]:
        if options["title"]:
            raise CommandError("--title is of a new contest and goes with --bureau.")
        contest = Engagement.objects.filter(public_id=options["contest"]).first()
        if contest is None:
            raise CommandError(f"No contest has the id {options['contest']!r}.")
        return Into(contest=contest)
    if not options["title"]:
        raise CommandError("A new contest needs its --title.")
    bureau = Bureau.objects.filter(code__iexact=options["bureau"]).first()
    if bureau is None:
        raise CommandError(f"No bureau has the code {options['bureau']!r}.")
    return Into(bureau=bureau, title=options["title"])
