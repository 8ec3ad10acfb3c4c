"""``manage.py demo``: a town's worth of consultations, to look round in."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Bureau
from consultations.demo.loading import anything_there, is_loaded, load
from consultations.demo.papers import PAPERS
from consultations.demo.people import ACCOUNTS
from consultations.demo.persons import address
from consultations.demo.removing import take_away
from consultations.demo.writing import key_of
from core.texts import LANGUAGES
from participation.models import Engagement


class Command(BaseCommand):
    """Loads once; again it only says what is there."""

    help = (
        "Load the demonstration (once), take it away again with --remove, or take it away and "
        "load it anew, with dates around today, with --renew. For embedded mode only."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--remove", action="store_true", help="take every row of it away")
        which.add_argument("--renew", action="store_true", help="take it away and load it anew")

    def handle(self, *, remove: bool, renew: bool, verbosity: int = 1, **options: Any) -> None:
        if remove:
            self._remove()
            return
        # Everybody knows its password, and one of its accounts is an administrator.
        password = settings.KAIFONG.get("DEMO", {}).get("PASSWORD")
        if not password:
            raise CommandError(
                "The demo is for embedded mode only: its password is public.\n"
                "To mend it: run it with DJANGO_SETTINGS_MODULE=config.settings.dev."
            )
        if is_loaded() and not renew:
            self.stdout.write("The demo is there already; --renew loads it anew.")
        else:
            if anything_there():
                self._remove()
            self._check_bureaux()
            load(password=password, tell=self.stdout.write)
            self.stdout.write("The demo is loaded; manage.py demo --remove takes it away.")
        if verbosity:
            self._describe(password)

    def _remove(self) -> None:
        gone = take_away()
        self.stdout.write(
            f"The demo is taken away: {gone.engagements} engagements, {gone.accounts} accounts, "
            f"{gone.rows} rows."
            if gone.rows
            else "There is no demo here; nothing was changed."
        )

    def _check_bureaux(self) -> None:
        wanted = {paper.bureau for paper in PAPERS}
        missing = wanted - set(
            Bureau.objects.filter(code__in=wanted).values_list("code", flat=True)
        )
        if missing:
            raise CommandError(
                f"These bureaux are not there: {', '.join(sorted(missing))}.\n"
                "To mend it: manage.py setup --defaults"
            )

    def _describe(self, password: str) -> None:
        self.stdout.write(f"Demo accounts (password of all: {password}):")
        for name, (role, bureau) in ACCOUNTS.items():
            self.stdout.write(f"  {address(name):24} {' '.join((role, bureau)).strip()}".rstrip())
        self.stdout.write("Addresses:")
        for code in LANGUAGES:
            self.stdout.write(f"  {settings.SITE_URL}/{code}/")
        keys = [key_of(paper.slug) for paper in PAPERS]
        rows = Engagement.objects.filter(translation_key__in=keys)
        found = {row.translation_key: row for row in rows}
        for key in keys:
            row = found.get(key)
            if row is not None and row.paths.get("en"):
                self.stdout.write(f"  {settings.SITE_URL}{row.paths['en']}")
        self.stdout.write(f"  {settings.SITE_URL}/cms/")
        self.stdout.write(f"  {settings.SITE_URL}/dev/mail/")
