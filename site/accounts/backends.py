"""How an account is found by password and what its roles open."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Model
from django.http import HttpRequest

from accounts import policies
from accounts.models import Account
from core import clock
from core.exceptions import Invalid
from core.text import canonical_email

_ENTERS = "_kaifong_enters_cms"


class AccountBackend(ModelBackend):
    """Django's backend with canonical addresses; a live role opens the CMS.

    The door (``wagtailadmin.access_admin``) follows the role at each request, so an ended role
    closes it without waiting for anybody to tidy up groups. What is behind the door is Wagtail's
    groups' business.
    """

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> Account | None:
        """The account of an address and password, else None after the same work (A1)."""
        typed = username if username is not None else kwargs.get("email")
        if typed is None or password is None:
            return None
        account: Account | None = None
        try:
            canonical = canonical_email(typed)
        except Invalid:
            canonical = ""
        if canonical:
            account = (
                Account.objects.select_related("person").filter(email_canonical=canonical).first()
            )
        if account is None:
            # The hash is computed for nobody too: time must not tell who has an account.
            Account().set_password(password)
            return None
        if account.check_password(password) and self.user_can_authenticate(account):
            return account
        return None

    def get_user(self, user_id: Any) -> Account | None:
        """The account of a session, with its person and the database's time; None if suspended."""
        account = (
            clock.with_now(Account.objects.select_related("person")).filter(pk=user_id).first()
        )
        if account is None or not self.user_can_authenticate(account):
            return None
        clock.note(account)
        return account

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        """Whatever groups give, and the door of the CMS for who has a role there."""
        if perm == "wagtailadmin.access_admin" and obj is None:
            if not hasattr(user_obj, _ENTERS):
                setattr(user_obj, _ENTERS, policies.can_enter_cms(user_obj))
            if getattr(user_obj, _ENTERS):
                return True
        return super().has_perm(user_obj, perm, obj=obj)
