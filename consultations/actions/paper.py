"""Drafting and publishing the face of an engagement, whatever room it is of (decision 1).

Publishing writes rows: the schedule here, the rest by the room (``participation.faces``).

The three languages open together in one transaction: what is refused leaves everything as it was.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from wagtail.models import Revision

from accounts.models import Account, Bureau
from consultations.actions.fence import open_sections
from consultations.actions.translation import Translator, follow_source
from consultations.translation import AUTHORITY, complete_languages
from core import clock, ids, limits
from core.dates import FOREVER
from core.exceptions import Conflict, Invalid
from core.text import clean_text
from participation import faces
from participation.actions.engagement import (
    Schedule,
    check_schedule,
    create_draft,
    publish_engagement,
)
from participation.actions.rules import changed_rules, check_reason
from participation.faces import Face
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from participation.models.pages import FacePage
from participation.stages import today

TITLE_LIMIT = 200
_publishing: ContextVar[bool] = ContextVar("kaifong_publishing", default=False)


def is_publishing() -> bool:
    """Whether ``publish_paper`` is at work: the page's signal then has nothing to add."""
    return _publishing.get()


@contextmanager
def _at_work() -> Iterator[None]:
    token = _publishing.set(True)
    try:
        yield
    finally:
        _publishing.reset(token)


# --- drafts ---------------------------------------------------------------------------------------


@clock.scope()
@transaction.atomic
def start_paper(
    *,
    bureau: Bureau,
    title: str,
    source_language: str,
    by: Account | None,
    translation_key: UUID | None = None,
    slug: str = "",
    fields: Mapping[str, Any] | None = None,
    translator: Translator | None = None,
    face: Face | None = None,
) -> Any:
    """Make the draft of a new page, its engagement and the two drafts that follow it.

    ``face`` says of which room; a consultation paper when left out.
    ``fields`` are any of the page's own (dates, summary, body…); importers and the demo give a
    ``slug``, a ``translation_key`` and a ``translator``. Raises ``Invalid`` for a title or
    language that cannot be, ``TooMany``.
    """
    limits.spend("desk_step", by.public_id if by else None)
    title = clean_text(title, max_length=TITLE_LIMIT, field="title", multiline=False)
    if source_language not in AUTHORITY:
        raise Invalid(
            _("Write it in English or Traditional Chinese first."),
            field="source_language",
        )
    face = face or faces.of_kind(DEFAULT_KIND)
    found = face.sections(bureau)
    open_sections(bureau, found.values())
    section = type(found[source_language])._default_manager.get(pk=found[source_language].pk)
    page = face.page_class(
        title=title,
        draft_title=title,
        slug=_free_slug(section, slug or slugify(title)),
        locale=section.locale,
        owner=by,
        live=False,
        **dict(fields or {}),
    )
    if translation_key:
        page.translation_key = translation_key
    section.add_child(instance=page)
    page.save_revision(user=by, clean=False)
    after_draft_saved(page=page, by=by, translator=translator)
    return page


@transaction.atomic
def revise_paper(
    *,
    page: FacePage,
    fields: Mapping[str, Any],
    by: Account | None,
    translator: Translator | None = None,
) -> FacePage:
    """Save a new draft of the source page with these fields; the public text stays as it is.

    Streams are given as the editor stores them. Raises ``Invalid``, ``TooMany``.
    """
    draft = page.get_latest_revision_as_object()
    for name, given in fields.items():
        stream = getattr(draft._meta.get_field(name), "stream_block", None)
        setattr(draft, name, stream.to_python(given) if stream else given)
    draft.save_revision(user=by, clean=False)
    page.refresh_from_db()
    after_draft_saved(page=page, by=by, translator=translator)
    return page


def _free_slug(section: Any, wanted: str) -> str:
    base = wanted[:80] or f"paper-{ids.public_id()[:6]}"
    slug, number = base, 2
    while section.get_children().filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def after_draft_saved(
    *, page: FacePage, by: Account | None, translator: Translator | None = None
) -> Engagement:
    """What follows every save of a draft: the engagement's row is there, translations follow.

    Citizens see nothing of it. Raises ``Invalid`` for a paper begun in Simplified Chinese,
    ``TooMany``.
    """
    limits.spend("desk_write", by.public_id if by else None)
    draft: FacePage = page.get_latest_revision_as_object()
    if page.engagement is None and page.language not in AUTHORITY:
        raise Invalid(_("Write it in English or Traditional Chinese first."))
    engagement = create_draft(
        kind=faces.of_page(page).kind,
        owner=page.bureau,
        translation_key=page.translation_key,
        source_language=page.language,
        title={page.language: draft.title},
        by=by,
    )
    if engagement.source_language == page.language:
        if engagement.published_at is None and engagement.title != {page.language: draft.title}:
            # A draft's title is shown to its officers only.
            engagement.title = {page.language: draft.title}
            engagement.save(update_fields=["title"])
        follow_source(page=page, by=by, translator=translator, draft=draft)
    return engagement


# --- publishing -----------------------------------------------------------------------------------


def versions_of(page: FacePage) -> dict[str, Any]:
    """The pages of an engagement by language, the source among them."""
    found = type(page)._default_manager.filter(translation_key=page.translation_key)
    return {one.language: one for one in found.select_related("locale", "latest_revision")}


def latest_revisions(page: FacePage) -> dict[str, int]:
    """The newest draft of each language: what an approver is shown."""
    return {
        language: one.latest_revision_id
        for language, one in versions_of(page).items()
        if one.latest_revision_id
    }


def schedule_of(draft: FacePage) -> Schedule:
    """What the source page says of its engagement. Raises ``Invalid`` without dates."""
    return faces.of_page(draft).schedule(draft)


_FIELDS = {
    "opens_at": "opens_on",
    "closes_at": "closes_on",
    "vote": "vote_level",
    "comment": "comment_level",
}


def _on_page(error: Invalid) -> Invalid:
    """The same refusal with the field's name on the page."""
    return Invalid(error.message, field=_FIELDS.get(error.field, error.field), code=error.code)


def check_paper(draft: FacePage, engagement: Engagement | None) -> None:
    """Refuse what publishing would refuse; called by the editor's form and before publishing.

    ``draft`` is a source page object with the values asked for. Raises ``Invalid`` whose ``field``
    is the page's.
    """
    if draft.opens_at and draft.closes_at:
        try:
            check_schedule(
                engagement,
                opens_at=draft.opens_at,
                closes_at=draft.closes_at,
                now=clock.now(),
            )
        except Invalid as error:
            raise _on_page(error) from error
    if draft.response_due and draft.closes_at and draft.closes_at != FOREVER:
        last_day = today(draft.closes_at - dt.timedelta(microseconds=1))
        if draft.response_due <= last_day:
            raise Invalid(_("The response date must be after the close."), field="response_due")
    face = faces.of_page(draft)
    face.check(draft, engagement)
    if engagement is None or engagement.published_at is None:
        return
    live = face.page_class._default_manager.filter(
        translation_key=draft.translation_key, locale_id=draft.locale_id, live=True
    ).first()
    if live is not None and live.slug != draft.slug:
        raise Invalid(_("The address stays as it was published."), field="slug")


def check_rules(draft: FacePage, engagement: Engagement | None) -> dict[str, dict[str, Any]]:
    """Refuse a change of rules that stand after the opening; the changes of others, by name.

    Those ask for a reason (``check_reason_of``). Raises ``Invalid`` whose ``field`` is the page's.
    """
    if engagement is None or draft.opens_at is None or draft.closes_at is None:
        return {}
    try:
        return changed_rules(engagement, wanted=schedule_of(draft).rules(), now=clock.now())
    except Invalid as error:
        raise _on_page(error) from error


def check_reason_of(draft: FacePage, engagement: Engagement) -> None:
    """Refuse rules that change after the opening without a new reason. Raises ``Invalid``."""
    if check_rules(draft, engagement):
        check_reason(engagement, draft.rules_reason)


def check_publishable(
    page: FacePage,
    draft: FacePage,
    engagement: Engagement,
    *,
    complete: Sequence[str] = (),
) -> list[str]:
    """Refuse now what publishing would refuse; returns the languages that would open.

    ``complete`` are the versions that lack nothing; those of the newest drafts when left out.
    """
    check_paper(draft, engagement)
    check_reason_of(draft, engagement)
    languages = _languages_to_open(draft, list(complete) or complete_languages(page))
    schedule_of(draft)
    faces.of_page(draft).finish(draft)
    return languages


@clock.scope()
@transaction.atomic
def publish_paper(
    *,
    page: FacePage,
    by: Account | None,
    revisions: Mapping[str, int] | None = None,
    complete: Sequence[str] = (),
) -> Engagement:
    """Publish the three languages together and write the rows.

    ``page`` is the source page; ``revisions`` are the drafts to publish by language (the latest
    when left out), and ``complete`` the languages in which those lack nothing: needed where the
    revisions are older than the newest drafts. Versions that lack sentences stay unpublished:
    English or Traditional may lack some only if the page says when it follows. Raises ``Invalid``
    and writes nothing otherwise.
    """
    engagement = Engagement.objects.select_for_update(no_key=True).get(
        translation_key=page.translation_key
    )
    if not page.is_source:
        raise Conflict(_("Publish the version the others follow."))
    revisions = dict(revisions or latest_revisions(page))
    chosen = _chosen(page, revisions)
    drafts = {language: revision.as_object() for language, revision in chosen.items()}
    draft = drafts[page.language]
    languages = check_publishable(page, draft, engagement, complete=complete)
    schedule = schedule_of(draft)
    with _at_work():
        for language in languages:
            # Whoever approves need not hold Wagtail's own right to publish.
            chosen[language].publish(user=by, skip_permission_checks=True)
    opening = {language: drafts[language] for language in languages}
    live = versions_of(page)
    schedule = _with_texts(schedule, opening, engagement)
    schedule.paths.update(
        {language: path for language in languages if (path := _path(live[language]))}
    )
    engagement = publish_engagement(engagement=engagement, schedule=schedule, by=by)
    faces.of_page(page).write(engagement=engagement, opening=opening, source=page.language, by=by)
    return engagement


def _chosen(page: FacePage, revisions: Mapping[str, int]) -> dict[str, Revision]:
    found = Revision.objects.in_bulk(revisions.values())
    pages = versions_of(page)
    chosen: dict[str, Revision] = {}
    for language, number in revisions.items():
        revision = found.get(number)
        if revision is None or language not in pages:
            raise Conflict(_("It was changed since. Look at it again."))
        if str(pages[language].pk) != revision.object_id:
            raise Conflict(_("It was changed since. Look at it again."))
        # It would look for it: once as a draft, and again to publish it.
        revision.content_object = pages[language]
        chosen[language] = revision
    if page.language not in chosen:
        raise Conflict(_("It was changed since. Look at it again."))
    return chosen


def _languages_to_open(draft: FacePage, complete: list[str]) -> list[str]:
    for language in AUTHORITY:
        if language not in complete and draft.versions_follow_on is None:
            name = {"en": _("English"), "zh-hant": _("Traditional Chinese")}[language]
            raise Invalid(
                _("The %(language)s version is not complete. Complete it, or say when it follows.")
                % {"language": name},
                field="versions_follow_on",
                code="language_missing",
                data={"language": language},
            )
    return complete


def _path(page: FacePage) -> str:
    parts = page.get_url_parts()
    return parts[2] if parts else ""


def _with_texts(
    schedule: Schedule, opening: Mapping[str, FacePage], engagement: Engagement
) -> Schedule:
    schedule.title.update({language: one.title for language, one in opening.items()})
    schedule.summary.update({language: one.summary for language, one in opening.items()})
    schedule.rules_reason.update({language: one.rules_reason for language, one in opening.items()})
    if engagement.published_at is not None:
        # A version published before and lacking something now keeps its address.
        schedule.paths.update(engagement.paths)
    schedule.attribution.update(engagement.attribution)
    return schedule
