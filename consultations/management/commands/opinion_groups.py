"""``manage.py opinion_groups ID --json``: the opinion groups of a consultation, from its votes."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from consultations.opinions import rejected_of, votes_of
from consultations.statements import is_sealed
from core import clock
from participation.models import Engagement

CHUNK = 500


class Command(BaseCommand):
    """For those who run the platform, to compare with groups found elsewhere.

    Lists imported participants alone, by the ids they had at the source: whoever voted here is
    never listed beside an opinion, not even by an opaque id.
    """

    help = "Print the opinion groups of a consultation, the largest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the consultation's public id")
        parser.add_argument("--json", action="store_true", help="groups with import ids, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        engagement = Engagement.objects.filter(public_id=options["id"]).first()
        if engagement is None:
            raise CommandError(f"No consultation has the id {options['id']!r}.")
        if engagement.state == "published" and is_sealed(engagement, clock.now()):
            raise CommandError("The results are sealed for everybody until their stated time.")
        from consultations.opinion.grouping import find_groups

        found = find_groups(votes_of(engagement), set_aside=rejected_of(engagement))
        if not options["json"]:
            self.stdout.write(
                f"{found.placed} of {found.people} people in {len(found.members)} groups, "
                f"silhouette {found.silhouette:.3f}."
            )
            for number, members in enumerate(found.members):
                self.stdout.write(f"Group {number}: {len(members)}")
            return
        named = [_import_ids(members) for members in found.members]
        groups = [{"id": number, "participants": each} for number, each in enumerate(named)]
        left_out = found.placed - sum(len(each) for each in named)
        if left_out:
            self.stderr.write(f"{left_out} people who voted here are not listed.")
        self.stdout.write(json.dumps({"groups": groups}))


def _import_ids(people: list[int]) -> list[str]:
    """The source's ids of imported persons, in the order of numbers where they are numbers."""
    found: list[str] = []
    for start in range(0, len(people), CHUNK):
        rows = Person.objects.filter(pk__in=people[start : start + CHUNK]).exclude(import_id="")
        found.extend(rows.values_list("import_id", flat=True))
    return sorted(found, key=lambda each: (int(each) if each.isdigit() else 0, each))
