"""``manage.py setup``: everything an empty database needs before the first visitor."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.actions import platform
from accounts.actions.bureaux import seed_bureaux
from accounts.models import Bureau
from core import clock
from core.exceptions import DomainError
from core.models import PlatformSettings
from core.texts import pick
from core.tree import ensure_tree


class Command(BaseCommand):
    """Asks what it is not told, unless ``--defaults``; may be run again without harm."""

    help = (
        "Set the platform up: its name, the sender of mails, the first administrator, the bureaux "
        "in use, the page tree. Asks for what no option gives; with --defaults it asks nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform-name", default="", help="shown in the header and in mails")
        parser.add_argument("--sender", default="", help='such as "Engage <no-reply@example.hk>"')
        parser.add_argument("--contact-email", default="", help="whom readers ask, on every page")
        parser.add_argument("--contact-phone", default="", help="the same by telephone")
        parser.add_argument("--admin-email", default="", help="the first administrator's address")
        parser.add_argument("--bureaux", default="", help="codes in use, such as EPD,LCSD; or all")
        parser.add_argument("--defaults", action="store_true", help="ask nothing")

    def handle(self, **options: Any) -> None:
        if not options["defaults"] and sys.stdin.isatty():
            self._ask(options)
        try:
            with clock.scope(), transaction.atomic():
                self._carry_out(options)
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _ask(self, options: dict[str, Any]) -> None:
        present = PlatformSettings.load()
        questions = {
            "platform_name": f"Name of the platform [{pick(present.name, 'en').text}]: ",
            "sender": f"Sender of mails [{present.sender}]: ",
            "contact_email": f"E-mail readers write to [{present.contact_email}]: ",
            "contact_phone": f"Telephone readers call [{present.contact_phone or 'none'}]: ",
            "admin_email": "E-mail of the first administrator [none]: ",
            "bureaux": "Codes of the bureaux in use, comma-separated [no change]: ",
        }
        for name, question in questions.items():
            if not options[name]:
                options[name] = input(question).strip()

    def _carry_out(self, options: dict[str, Any]) -> None:
        row = platform.set_platform(
            name=options["platform_name"],
            sender=options["sender"],
            contact_email=options["contact_email"],
            contact_phone=options["contact_phone"],
        )
        made = seed_bureaux()
        chosen = options["bureaux"].strip()
        if chosen.lower() == "all":
            chosen = ",".join(Bureau.objects.values_list("code", flat=True))
        if chosen:
            platform.choose_bureaux(codes=chosen.split(","))
        ensure_tree()
        self.stdout.write(f"Platform: {pick(row.name, 'en').text}; mails from {row.sender}")
        in_use = Bureau.objects.filter(in_use=True).count()
        news = f", {made} new or renewed" if made else ""
        self.stdout.write(f"Bureaux: {in_use} in use{news}")
        if options["admin_email"]:
            account, password = platform.ensure_administrator(email=options["admin_email"])
            self.stdout.write(f"Administrator: {account.email}")
            if password:
                self.stdout.write(
                    f"Password: {password}\nIt is shown this once; change it after signing in."
                )
