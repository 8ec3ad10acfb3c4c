"""The account that signs in."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.models.person import Level
from core.ids import public_id


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts for commands and tests; people get theirs by ``accounts.actions``."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Create an account with its person. Raises ValueError without an e-mail."""
        from accounts.actions import open_account

        if not email:
            raise ValueError("An account needs an e-mail address.")
        return open_account(email=email, password=password, **fields)

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        """Create an administrator, as ``manage.py createsuperuser`` asks for one."""
        from accounts.actions import grant_role

        with transaction.atomic(using=self._db):
            account = self.create_user(email, password, **fields)
            grant_role(account=account, role="administrator", by="system")
        account.refresh_from_db()
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        from core.text import canonical_email

        return self.get(email_canonical=canonical_email(username))


class Account(AbstractBaseUser, PermissionsMixin):
    """A way in. The person it belongs to holds everything that was contributed.

    ``email`` is as typed at sign-up (mail goes there); equality is by its canonical form, which
    the person's key is made from. ``display_name`` is chosen at the first public submit and is
    never the e-mail.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    person = models.ForeignKey("accounts.Person", on_delete=models.PROTECT, related_name="accounts")
    email = models.EmailField(max_length=254)
    email_canonical = models.CharField(max_length=254, unique=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    display_name = models.CharField(max_length=60, blank=True, default="")
    # Goes up with each change, so that a moderator decides on the name that was read.
    display_name_version = models.PositiveIntegerField(default=0)
    language = models.CharField(max_length=10, default="en")
    mail_notices = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    AUDITED_FIELDS = ("public_id", "person_id", "is_active", "is_staff", "is_superuser")

    objects = AccountManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="account_email_once")]

    def __str__(self) -> str:
        return self.display_name or self.public_id

    @property
    def audit_id(self) -> str:
        """The opaque id that the audit trail knows this account by."""
        return self.public_id

    def get_full_name(self) -> str:
        """The name colleagues see in the CMS (officers choose a display name too)."""
        return self.display_name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()

    def get_session_auth_hash(self) -> str:
        """What a session must know: the password and, once verified, that this person is.

        A session from before the counter knows only the fallback below, and Django answers that
        with a new session key at its next request: whoever planted or copied the old key holds
        nothing, and what was typed in the session stays (AB-A8).
        """
        return self._auth_hash(level=self.person.level)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by former secret keys, and what a session knew before it was verified."""
        level = self.person.level
        for secret in settings.SECRET_KEY_FALLBACKS:
            yield self._auth_hash(level=level, secret=secret)
        if level >= Level.VERIFIED:
            for secret in (None, *settings.SECRET_KEY_FALLBACKS):
                yield self._auth_hash(level=Level.EMAIL, secret=secret)

    def _auth_hash(self, *, level: int, secret: str | None = None) -> str:
        proof: str = self._get_session_auth_hash(secret=secret)  # type: ignore[attr-defined]
        if level < Level.VERIFIED:
            return proof
        salt = "accounts.Account.get_session_auth_hash"
        return salted_hmac(salt, proof, secret=secret, algorithm="sha256").hexdigest()

    # Wagtail's user forms and templates ask for these.
    @property
    def first_name(self) -> str:
        return self.display_name

    @property
    def last_name(self) -> str:
        return ""

    @property
    def username(self) -> str:
        return self.email
