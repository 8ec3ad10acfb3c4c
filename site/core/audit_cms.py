"""Acts in the CMS enter the audit trail through Wagtail's log.

Wagtail writes a log entry for every act on a page, snippet, image, document, user or setting. Each
new log entry leaves an audit entry in the same transaction: the act's name, who acted and the
object's opaque id (the page's translation key, else its public id, else model and primary key).
Titles, which Wagtail keeps in its own log, do not enter.
"""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models.signals import post_save
from wagtail.models import Page

from core import audit

DISPATCH = "core.audit_cms"


def connect() -> None:
    """Listen to Wagtail's log models; called once from ``ready()``."""
    from wagtail.models import ModelLogEntry, PageLogEntry
    from wagtail.models.audit_log import BaseLogEntryManager

    # Wagtail writes its entry in whatever transaction there is; ours joins it or neither stands.
    if not getattr(BaseLogEntryManager.log_action, "in_transaction", False):
        joined = transaction.atomic(BaseLogEntryManager.log_action)
        joined.in_transaction = True
        BaseLogEntryManager.log_action = joined
    for model in (ModelLogEntry, PageLogEntry):
        post_save.connect(_entered, sender=model, dispatch_uid=f"{DISPATCH}.{model.__name__}")


def _entered(
    sender: type[models.Model], instance: Any, created: bool, raw: bool = False, **_: Any
) -> None:
    if not created or raw:
        return
    # No savepoint of its own: the entry and ours stand or fall together.
    with transaction.atomic(savepoint=False):
        audit.record(
            f"cms.{instance.action}"[:80],
            actor=_actor(instance),
            subject=_subject(instance)[:128],
        )


def _actor(entry: Any) -> object:
    # The user may have been deleted meanwhile; the act is then the system's own.
    user = entry.user if entry.user_id else None
    return user if user is not None else audit.SYSTEM


def _subject(entry: Any) -> str:
    content_type = entry.content_type
    label = f"{content_type.app_label}.{content_type.model}" if content_type else "unknown"
    if hasattr(entry, "page_id"):
        # Whoever logs has the page at hand.
        known = type(entry).page.is_cached(entry)
        page = entry.page if known else Page.objects.filter(pk=entry.page_id).first()
        if page is None:
            return f"{label}:{entry.page_id}"
        return f"{label}:{page.translation_key}:{page.locale_id}"
    model = content_type.model_class() if content_type else None
    if model is not None and any(one.name == "public_id" for one in model._meta.fields):
        found = model._base_manager.filter(pk=entry.object_id).values_list("public_id", flat=True)
        opaque = found.first()
        if opaque:
            return f"{label}:{opaque}"
    return f"{label}:{entry.object_id}"
