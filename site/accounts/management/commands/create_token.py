"""``manage.py create_token EMAIL``: a bearer token of the API with that account's rights."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions.tokens import create_token, revoke_tokens
from accounts.models import Account
from core import clock
from core.exceptions import DomainError
from core.text import canonical_email


class Command(BaseCommand):
    """Prints the token alone, once; only its hash is kept."""

    help = "Make a token of the API for 90 days and print it; --revoke ends all the account has."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--revoke", action="store_true", help="end the account's tokens")

    def handle(self, *args: Any, **options: Any) -> None:
        with clock.scope():
            try:
                canonical = canonical_email(options["email"])
            except DomainError as error:
                raise CommandError(str(error)) from error
            account = Account.objects.filter(email_canonical=canonical).first()
            if account is None:
                raise CommandError("There is no account with this address.")
            try:
                if options["revoke"]:
                    count = revoke_tokens(account=account, by="system")
                    self.stdout.write(f"{count} ended")
                    return
                _row, secret = create_token(account=account, by="system")
            except DomainError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(secret)
