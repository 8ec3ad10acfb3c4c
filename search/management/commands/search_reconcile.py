"""``manage.py search_reconcile``: whether Elasticsearch has every row as it is, and its repair."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from search.elastic import ElasticsearchFailed
from search.feeding import differences, repair
from search.outbox import remote

#: Differences that are printed.
SHOWN = 50


class Command(BaseCommand):
    """Safe while people write and search. Ends with ``N differences.``"""

    help = (
        "Compare every document's checksum in Elasticsearch with its row, tell what differs and "
        "tell Elasticsearch those rows again. --check only tells."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="mend nothing; status 1 if any")

    def handle(self, *args: Any, **options: Any) -> None:
        if not remote():
            raise CommandError(
                "The live index is the database's own (SEARCH_ENGINE): "
                "search_rebuild --check compares that."
            )
        try:
            found = differences()
            for each in found[:SHOWN]:
                self.stdout.write(str(each))
            if found and not options["check"]:
                repair(found)
                self.stdout.write(f"{len(found)} mended.")
                found = differences()
        except ElasticsearchFailed as failed:
            raise CommandError(str(failed)) from None
        self.stdout.write(f"{len(found)} differences.")
        if found:
            raise CommandError(
                "Elasticsearch differs from the rows; search_rebuild builds it anew."
            )
