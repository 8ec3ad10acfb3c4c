"""``manage.py verify_person EMAIL SUBJECT``: what an administrator does at a counter."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import verify_person
from accounts.models import Account
from core.exceptions import DomainError, Invalid
from core.text import canonical_email


class Command(BaseCommand):
    """Verify the person of an account by a document that was seen."""

    help = (
        "Confirm that the account with this e-mail is the person of the document whose number is "
        "SUBJECT. Only a keyed hash of the number is kept."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument("subject", metavar="SUBJECT")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            canonical = canonical_email(options["email"])
        except Invalid as error:
            raise CommandError(str(error)) from None
        account = Account.objects.filter(email_canonical=canonical).first()
        if account is None:
            raise CommandError("There is no account with this e-mail address.")
        try:
            person = verify_person(by="system", account=account, subject=options["subject"])
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Verified: person {person.public_id}.")
