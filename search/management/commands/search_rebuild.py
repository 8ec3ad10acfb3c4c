"""``manage.py search_rebuild``: everything that can be found, read again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.counting import count_tokens
from search.outbox import remote
from search.writing import differences, rebuild

#: Differences that ``--check`` prints.
SHOWN = 50


class Command(BaseCommand):
    """Safe while people write and search, safe to stop and begin again."""

    help = (
        "Write what can be found again: once for data from before search, and after an update "
        "that reads texts another way. --check only tells what differs. On Elasticsearch a new "
        "index takes the old one's place when it is full; two such builds are not run at once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; status 1 if any")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            found = differences()
            for line in found[:SHOWN]:
                self.stdout.write(line)
            self.stdout.write(f"{len(found)} differences.")
            if found:
                raise CommandError("The index differs from what is public.")
            return
        if not remote():
            self._rows()
            return
        from search.elastic import ElasticsearchFailed
        from search.feeding import build, building

        try:
            # Asked first: whoever has to wait for another build is told so before the long part.
            with building() as turn:
                self._rows()
                self.stdout.write(f"{build(turn)} documents in a new index of Elasticsearch.")
        except ElasticsearchFailed as failed:
            raise CommandError(str(failed)) from None

    def _rows(self) -> None:
        for name, changed in rebuild().items():
            self.stdout.write(f"{name}: {changed} rows written or taken away.")
        self.stdout.write(f"{count_tokens()} tokens counted anew.")
