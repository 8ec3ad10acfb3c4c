"""What signing in does in this room: the choices of the visit are counted."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts.models import Account
from consultations.held_votes import count_held


def count_choices(
    sender: object, request: HttpRequest | None, user: Account, **_kwargs: Any
) -> None:
    """Signing in is a POST of the reader's own; a visit that held nothing writes nothing."""
    if request is not None and request.session.get("held_votes"):
        count_held(request, user.person)


def connect() -> None:
    """Called once from ``AppConfig.ready()``."""
    user_logged_in.connect(count_choices, dispatch_uid="consultations.count_choices")
