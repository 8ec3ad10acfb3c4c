"""The drafts of the other languages: the source's draft with the translated sentences put in."""

from __future__ import annotations

import copy
from collections.abc import Mapping

from django.db import transaction
from django.utils.text import slugify
from wagtail.coreutils import find_available_slug
from wagtail.fields import StreamField
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail.models.copying import _copy
from wagtail_localize.fields import copy_synchronised_fields
from wagtail_localize.models import TranslationLog, TranslationSource
from wagtail_localize.segments.ingest import ingest_segments

from accounts.models import Account
from consultations.models import Submission
from participation.models.pages import FacePage


@transaction.atomic
def save_version(
    *, source: TranslationSource, draft: FacePage, locale: Locale, by: Account | None
) -> FacePage:
    """Bring the draft in ``locale`` up to ``draft``, the source's; returns it as it then is.

    A page that is not there is begun. One that is live keeps its public text: only its draft
    changes. What has no translation stays in the words of the source.
    """
    page: FacePage | None = (
        type(draft)
        ._default_manager.filter(translation_key=draft.translation_key, locale=locale)
        .select_related("latest_revision")
        .first()
    )
    if page is None:
        return _begin(source, draft, locale, by)
    latest = page.get_latest_revision()
    page.locale = locale
    # Not wagtail-localize's create_or_update: that saves the draft text into the live row.
    _put_in(source, draft, page)
    if latest is None or not _same(latest, page.serializable_data()):
        page.save_revision(user=by, clean=False, overwrite_revision=_replaceable(page, latest, by))
    return page


def _begin(
    source: TranslationSource, draft: FacePage, locale: Locale, by: Account | None
) -> FacePage:
    """A page with one draft, as wagtail-localize makes it of a copy that it then writes over."""
    above = draft.get_parent()
    parent: Page = above.get_translation(locale)
    page: FacePage
    page, _children = _copy(
        draft,
        exclude_fields=[*draft.default_exclude_fields_in_copy, *draft.exclude_fields_in_copy],
        update_attrs={
            "locale": locale,
            "live": False,
            "has_unpublished_changes": True,
            "live_revision": None,
            "first_published_at": None,
            "last_published_at": None,
            "alias_of": None,
        },
    )
    _put_in(source, draft, page)
    page.slug = find_available_slug(parent, slugify(page.slug))
    page.draft_title = page.title
    parent.add_child(instance=page)
    revision = page.save_revision(user=by)
    log(
        instance=page,
        action="wagtail.copy_for_translation",
        user=by,
        revision=revision,
        data={
            "page": {
                "id": page.pk,
                "title": page.get_admin_display_title(),
                "locale": _told(locale),
            },
            "source": {"id": above.pk, "title": above.get_admin_display_title()},
            "destination": {"id": parent.pk, "title": parent.get_admin_display_title()},
            "keep_live": False,
            "source_locale": _told(draft.locale),
        },
    )
    TranslationLog.objects.create(source=source, locale=locale, revision=revision)
    return page


def _told(locale: Locale) -> dict[str, object]:
    return {"id": locale.pk, "language_code": locale.language_code}


def _put_in(source: TranslationSource, draft: FacePage, page: FacePage) -> None:
    """Put into ``page`` what all versions have alike, and the sentences in its language."""
    original = _with_own_streams(draft)
    copy_synchronised_fields(original, page)
    pieces = source._get_segments_for_translation(page.locale, fallback=True)
    ingest_segments(original, page, draft.locale, page.locale, pieces)


def _with_own_streams(draft: FacePage) -> FacePage:
    """A copy to take streams from: sentences are put into those of the original themselves."""
    own = copy.copy(draft)
    for field in draft._meta.get_fields():
        if isinstance(field, StreamField):
            setattr(own, field.name, field.to_python(field.value_to_string(draft)))
    return own


#: What a revision carries that says nothing about the paper.
_BOOKKEEPING = {
    "alias_of",
    "depth",
    "draft_title",
    "first_published_at",
    "has_unpublished_changes",
    "last_published_at",
    "latest_revision",
    "latest_revision_created_at",
    "live",
    "live_revision",
    "numchild",
    "owner",
    "path",
    "url_path",
    "wagtail_admin_comments",
}


def _same(revision: Revision, content: Mapping[str, object]) -> bool:
    old = revision.content
    return all(
        old.get(name) == value for name, value in content.items() if name not in _BOOKKEEPING
    )


def _replaceable(page: FacePage, latest: Revision | None, by: Account | None) -> Revision | None:
    """The latest revision may be overwritten unless it was public or an approver was shown it."""
    if latest is None or latest.pk == page.live_revision_id:
        return None
    if latest.user_id != (by.pk if by else None):
        return None
    if Submission.objects.names(translation_key=page.translation_key, revision=latest.pk):
        return None
    return latest
