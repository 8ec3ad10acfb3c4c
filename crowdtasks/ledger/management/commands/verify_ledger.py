"""Prove the points ledger: 0 when it holds, 1 and a sentence for each fault when it does not."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Person
from accounts.persons import living
from core.dates import format_datetime
from crowdtasks.ledger import proof
from crowdtasks.ledger.lines import about
from crowdtasks.ledger.models import AccountKind
from crowdtasks.ledger.reading import Line, balance_of, whole_statement


class Command(BaseCommand):
    """``manage.py verify_ledger [--account PERSON]``."""

    help = (
        "Recompute every sum and running balance of the points ledger, and find gaps, orphans,"
        " balances below zero and reversals that fit nothing. Exits 0, or 1 naming the entries."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--account",
            metavar="PERSON",
            help="explain each point of one person (public id of the person or its account),"
            " of those that were merged into it too",
        )

    def handle(self, *args: Any, account: str | None = None, **options: Any) -> None:
        if account is not None:
            self._explain(account)
        report = proof.prove()
        self.stdout.write(
            f"{report.entries} entries, {report.legs} legs, {report.accounts} accounts."
        )
        for kind in AccountKind:
            self.stdout.write(f"{kind.value:>10} {report.totals[kind]:>16,}")
        if report.ok:
            self.stdout.write("The ledger holds.")
            return
        for sentence in report.faults:
            self.stderr.write(sentence)
        if report.more:
            self.stderr.write(f"And {report.more} more.")
        self.stderr.write("The ledger does not hold.")
        sys.exit(1)

    def _explain(self, public_id: str) -> None:
        found = (
            Person.objects.filter(public_id=public_id).first()
            or Person.objects.filter(accounts__public_id=public_id).first()
        )
        if found is None:
            raise CommandError("There is no person and no account with this public id.")
        person = living(found)
        balance = balance_of(person)
        self.stdout.write(
            f"{person.public_id}: {balance.available} to spend, {balance.pending} held."
        )
        of = person.pk
        for line in whole_statement(person):
            if line.entry.person_id != of and line.entry.person is not None:
                of = line.entry.person.pk
                self.stdout.write(f"{line.entry.person.public_id}, merged into {person.public_id}:")
            self.stdout.write(explained(line))


def explained(line: Line) -> str:
    """One line of a statement in words, for the operator: English, no name of the person."""
    entry = line.entry
    parts = [format_datetime(entry.at, "en"), str(entry.get_kind_display())]
    if line.available:
        parts.append(f"{line.available:+} to spend")
    if line.pending:
        parts.append(f"{line.pending:+} held")
    if line.left is not None:
        parts.append(f"leaves {line.left}")
    engagement = about(entry)
    if engagement is not None:
        title = engagement.title.get("en") or engagement
        parts.append(f"for {title} ({engagement.public_id})")
    elif line.title:
        parts.append(f"for {line.title.get('en') or next(iter(line.title.values()))}")
    if entry.reason:
        parts.append(f"because: {entry.reason}")
    return "; ".join([*parts, f"entry {entry.key}"])
