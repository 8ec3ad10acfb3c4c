"""``manage.py verify_tally FILE | --contest ID``: recount the file of a vote."""

import tempfile
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ideas.actions.tally import content
from ideas.models import VoteResult
from ideas.voting import verify_tally


class Command(BaseCommand):
    """The same code as the program that citizens download."""

    help = "Recount the file of a vote, or what is kept of a contest's; names every fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", help="the file as it was downloaded")
        parser.add_argument("--contest", default="", help="the contest's public id")

    def handle(self, *args: Any, **options: Any) -> None:
        if bool(options["file"]) == bool(options["contest"]):
            raise CommandError("Name a file, or a contest with --contest.")
        if options["file"]:
            self._say(options["file"], "")
            return
        result = VoteResult.objects.filter(
            vote__contest__engagement__public_id=options["contest"]
        ).first()
        if result is None:
            raise CommandError(f"No contest {options['contest']!r} has a result.")
        with tempfile.NamedTemporaryFile() as file:
            for piece in content(result):
                file.write(piece)
            file.flush()
            self._say(file.name, result.digest)

    def _say(self, path: str, digest: str) -> None:
        try:
            recount = verify_tally.check(path, digest=digest)
        except OSError as error:
            raise CommandError(f"The file cannot be read: {error}") from None
        if recount.faults:
            raise CommandError("\n".join(recount.faults))
        self.stdout.write(
            f"The count is right: {recount.commitments} voters, {recount.votes} votes that count, "
            f"{recount.spoiled} spoiled."
        )
