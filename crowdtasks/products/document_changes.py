"""When a document of the CMS changes or is deleted, pages that show a build's file are made anew.

They are kept, and would go on showing the fingerprint of a file that is no longer there.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_delete
from wagtail.documents import get_document_model

from core import page_cache
from crowdtasks.products.models import Build
from participation import live

DISPATCH = "crowdtasks.products.document_changes"


def connect() -> None:
    """Called from ``ready()``. Before it is deleted: afterwards no build names it any more."""
    model = get_document_model()
    post_save.connect(_changed, sender=model, dispatch_uid=DISPATCH)
    pre_delete.connect(_changed, sender=model, dispatch_uid=DISPATCH)


def _changed(sender: Any, *, instance: Any, created: bool = False, **_named: Any) -> None:
    if created:
        return
    builds = Build.objects.filter(document=instance.pk).select_related("product__engagement")
    tags = set()
    for build in builds.prefetch_related("rounds__engagement"):
        tags.add(live.tag(build.product.engagement))
        tags |= {live.tag(row.engagement) for row in build.rounds.all()}
    if tags:
        page_cache.purge(*sorted(tags))
