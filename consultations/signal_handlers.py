"""What other parts' signals mean here."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save
from wagtail.models import Page
from wagtail.signals import page_published

from accounts.models import Account, Bureau
from accounts.signals import role_changed
from core.models import MediaDocument
from participation.models.pages import FacePage


def connect() -> None:
    """Called once from ``ready()``."""
    page_published.connect(_published, dispatch_uid="consultations.published")
    post_save.connect(
        _document_saved, sender=MediaDocument, dispatch_uid="consultations.document_saved"
    )
    role_changed.connect(_role_changed, dispatch_uid="consultations.role_changed")


def _published(sender: type, instance: Page, **_kwargs: Any) -> None:
    """A paper published past ``publish_paper`` (a script, a scheduled revision) writes no rows.

    Wagtail also sends this for a page that is only scheduled. Papers open by the action alone, so
    for anything else this raises, and the transaction around it takes the publishing back.
    """
    from consultations.actions.paper import is_publishing

    if isinstance(instance, FacePage) and instance.live and not is_publishing():
        raise RuntimeError("A paper is published by consultations.actions.paper.publish_paper.")


def _document_saved(sender: type, instance: MediaDocument, created: bool, **_kwargs: Any) -> None:
    """Its file may be another one: what search finds of it is read again by a job."""
    from consultations.actions.files import replaced

    if not created:
        replaced(instance)


def _role_changed(
    sender: type, *, account: Account, role: str, bureau: Bureau | None, **_kwargs: Any
) -> None:
    """A role without its fence must not exist: the group is set in the same transaction."""
    from consultations.actions.fence import follow_role

    follow_role(account=account, role=role, bureau=bureau)
