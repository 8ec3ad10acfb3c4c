"""Taking the demonstration away: every row of it, in an order the database allows.

The rows are found by following the relations, so a table that joins later is followed too. What
somebody did with a demonstration account on other consultations stays, with a person whose account
is gone, as after every closed account. So do rows that no room ever deletes, with what they name:
the points ledger's entries, the engagements they were earned in (withdrawn, without pages or
anything said there) and the persons (as tombstones). Each vanishing audited row is named by an
entry ``demo.erase``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, PageLogEntry
from wagtail_localize.models import (
    String,
    StringTranslation,
    Template,
    TranslatableObject,
    TranslationSource,
)

from accounts import closing
from accounts.models import Account, Bureau, EmailCode, Invitation, Person
from core import audit, clock, jobs
from core.models import MediaImage
from core.text import canonical_email
from moderation.models import Item, Report
from notifications.models import DevMail, Notice
from participation import demo, faces
from participation.models import Contribution, Engagement
from participation.models.engagement import EngagementState
from participation.models.pages import SectionPage
from search import writing

from . import picture
from .papers import PAPERS
from .people import ACCOUNTS
from .persons import SOURCE, addresses

CHUNK = 500
VERB = "demo.erase"
ROLES = ("officer", "approver")


@dataclass
class Gone:
    """What a removal took away."""

    engagements: int = 0
    accounts: int = 0
    rows: int = 0


def take_away() -> Gone:
    """Remove everything of the demonstration; an engagement a transaction. Again: removes nothing.

    Bureaux, real papers and what real people wrote on them are left as they are.
    """
    gone = Gone()
    owners: set[int] = set()
    mine = Engagement.objects.filter(import_source__startswith=f"{SOURCE}:")
    # The newest first: a round's page names the build of a product that was there before it.
    for engagement in mine.order_by("-pk"):
        with transaction.atomic(), clock.scope():
            _remove_engagement(engagement, gone)
        owners.add(engagement.owner_id)
        gone.engagements += 1
    with transaction.atomic(), clock.scope():
        _remove_people(gone)
    if gone.rows:
        with transaction.atomic(), clock.scope():
            for part in demo.parts():
                part.tidy()
            _remove_empty_places()
            # A bureau is found while something of it is public, and its engagements went as rows.
            writing.follow_again(Bureau._meta.label, *sorted(owners))
        # The CMS deletes files of pictures by a job.
        jobs.drain(keep=False)
    return gone


# --- rows ---------------------------------------------------------------------------------------


def _related(row_model: type[models.Model], actions: Iterable[Any]) -> list[Any]:
    """The relations that point to a model and, by their rule for deletion, hold or follow it."""
    return [
        relation
        for relation in row_model._meta.related_objects
        if not relation.many_to_many and relation.on_delete in actions
    ]


class Rows:
    """Rows to remove, those that point to others before what they point to."""

    def __init__(self) -> None:
        self._batches: list[list[models.Model]] = []
        self._seen: set[tuple[type[models.Model], Any]] = set()
        self._standing = {model for books in demo.books() for model in books.rows}
        self._named: set[tuple[type[models.Model], Any]] = set()

    def __iter__(self) -> Iterator[models.Model]:
        for batch in self._batches:
            yield from batch

    def stays(self, row: models.Model) -> bool:
        """Whether a row that is never deleted names this one, so that it stays too."""
        return (type(row), row.pk) in self._named

    def add(self, rows: Iterable[models.Model]) -> None:
        """Add rows of one model and everything that hangs on them."""
        new = [row for row in rows if (type(row), row.pk) not in self._seen]
        if not new:
            return
        model = type(new[0])
        self._seen.update((model, row.pk) for row in new)
        for relation in _related(model, (models.CASCADE, models.PROTECT)):
            children = relation.related_model._base_manager
            for start in range(0, len(new), CHUNK):
                part = [row.pk for row in new[start : start + CHUNK]]
                found = children.filter(**{f"{relation.field.name}__in": part})
                if relation.related_model not in self._standing:
                    self.add(found)
        self._keep_named(model, new)
        gone = [row for row in new if not self.stays(row)]
        self._batches.extend(_layers(model, gone))

    def _keep_named(self, model: type[models.Model], rows: list[models.Model]) -> None:
        """Note which of these are named by rows that stand, through whatever field."""
        keys = {row.pk for row in rows}
        for standing in self._standing:
            for field in standing._meta.concrete_fields:
                if field.related_model is model:
                    named = standing._base_manager.values_list(field.attname, flat=True)
                    self._named.update((model, pk) for pk in keys & set(named.distinct()))

    def remove(self, engagement_id: str, subject: str) -> int:
        """Name the audited rows in the trail, then delete all; returns how many."""
        audited = [row for row in self if getattr(row, "AUDITED_FIELDS", None)]
        for start in range(0, len(audited), CHUNK):
            audit.record(
                VERB,
                actor="system",
                engagement_id=engagement_id,
                subject=subject,
                rows=audited[start : start + CHUNK],
            )
        for batch in self._batches:
            keys = [row.pk for row in batch]
            for start in range(0, len(keys), CHUNK):
                part = keys[start : start + CHUNK]
                type(batch[0])._base_manager.filter(pk__in=part).delete()
        return sum(map(len, self._batches))


def _layers(model: type[models.Model], rows: list[models.Model]) -> Iterator[list[models.Model]]:
    """The rows cut so that none comes before one of its own model that points to it (replies)."""
    names = [
        relation.field.attname
        for relation in _related(model, (models.CASCADE, models.PROTECT))
        if relation.related_model is model
    ]
    left = rows
    while left:
        pointed = {getattr(row, name) for row in left for name in names}
        free = [row for row in left if row.pk not in pointed]
        if not free:
            raise ValueError(f"Rows of {model._meta.label} point to each other.")
        yield free
        left = [row for row in left if row.pk in pointed]


# --- one consultation ---------------------------------------------------------------------------


def _remove_engagement(engagement: Engagement, gone: Gone) -> None:
    for books in demo.books():
        books.settle(engagement)
    contributions = Contribution.objects.filter(engagement=engagement)
    targets = list(contributions.values_list("public_id", flat=True))
    rows = Rows()
    rows.add(Item.objects.filter(engagement_id=engagement.public_id))
    rows.add(Report.objects.filter(target_id__in=targets))
    rows.add([engagement])
    ids = {row.public_id for row in rows if hasattr(row, "public_id")} | {engagement.public_id}
    rows.add(_notices_of(ids))
    # Of a consultation that has not opened yet.
    jobs.forget("participation.tell_readers", "opened", engagement.pk)
    gone.rows += rows.remove(engagement.public_id, engagement.public_id)
    if engagement.translation_key:
        _remove_pages(engagement)
    if rows.stays(engagement):
        _leave_emptied(engagement)


def _leave_emptied(engagement: Engagement) -> None:
    """It is named where nothing is deleted: its row stays, seen by nobody."""
    engagement.state = EngagementState.WITHDRAWN
    engagement.import_source, engagement.translation_key, engagement.paths = "", None, {}
    engagement.save(update_fields=["state", "import_source", "translation_key", "paths"])
    audit.record(
        "demo.empty", actor="system", engagement_id=engagement.public_id, rows=[engagement]
    )


def _notices_of(ids: set[str]) -> list[Notice]:
    """What people were told of these; a notice's event key holds the id of what happened."""
    keys = Notice.objects.values_list("pk", "event_key").order_by("pk")
    found = [pk for pk, event_key in keys.iterator() if ids & set(event_key.split(":"))]
    return list(Notice.objects.in_bulk(found).values())


def _remove_pages(engagement: Engagement) -> None:
    """The three language pages, with revisions, log, translations and the drawn picture."""
    key = engagement.translation_key
    manager = faces.of_kind(engagement.kind).page_class._default_manager
    found = manager.filter(translation_key=key)
    pictures = {pk for pk in found.values_list("cover_id", flat=True) if pk}
    pages = list(found.values_list("pk", flat=True))
    sentences = _sentences_of(key)
    for pk in pages:
        # Read again each time: the tree moves with every deletion.
        manager.get(pk=pk).delete()
    PageLogEntry.objects.filter(page_id__in=pages).delete()
    _remove_translations(key, *sentences)
    used: set[int] = set()
    for face in faces.everyone():
        others = face.page_class._default_manager.filter(cover__in=pictures)
        used.update(others.values_list("cover_id", flat=True))
    for image in MediaImage.objects.filter(pk__in=pictures - used, title=picture.TITLE):
        image.delete()


def _sentences_of(key: Any) -> tuple[set[int], set[int]]:
    """The sentences and their shapes that the translation of a paper used."""
    sources = TranslationSource.objects.filter(object_id=key)
    strings = set(sources.values_list("stringsegment__string_id", flat=True))
    earlier = StringTranslation.objects.filter(context__object_id=key)
    strings |= set(earlier.values_list("translation_of_id", flat=True))
    shapes = set(sources.values_list("templatesegment__template_id", flat=True))
    return strings - {None}, shapes - {None}


def _remove_translations(key: Any, strings: set[int], shapes: set[int]) -> None:
    TranslationSource.objects.filter(object_id=key).delete()
    StringTranslation.objects.filter(context__object_id=key).delete()
    TranslatableObject.objects.filter(translation_key=key).delete()
    # Both are shared between papers: those that others use stay.
    Template.objects.filter(pk__in=shapes, segments__isnull=True).delete()
    String.objects.filter(pk__in=strings, segments__isnull=True, translations__isnull=True).delete()


# --- people -------------------------------------------------------------------------------------


def _remove_people(gone: Gone) -> None:
    canonical = [canonical_email(each) for each in addresses()]
    accounts = list(Account.objects.filter(email_canonical__in=canonical).order_by("pk"))
    for account in accounts:
        closing.erase_all(account=account, last=True)
        account.refresh_from_db()
    rows = Rows()
    rows.add(Item.objects.filter(kind="name", target_id__in=[one.public_id for one in accounts]))
    rows.add(Invitation.objects.filter(email_canonical__in=canonical))
    rows.add(EmailCode.objects.filter(email_canonical__in=canonical))
    rows.add(DevMail.objects.filter(to__in=addresses()))
    rows.add(accounts)
    kept = _naming(accounts)
    gone.accounts = len(accounts)
    gone.rows += rows.remove("", "")
    for row in kept:
        row.refresh_from_db()
    if kept:
        audit.record("demo.unlink", actor="system", rows=kept)
    _remove_persons(gone)


def _naming(accounts: list[Account]) -> list[models.Model]:
    """Rows that stay but name one of these accounts in a field the audit proves."""
    found: list[models.Model] = []
    for relation in _related(Account, (models.SET_NULL,)):
        proved = getattr(relation.related_model, "AUDITED_FIELDS", ())
        if relation.field.attname in proved or relation.field.name in proved:
            manager = relation.related_model._base_manager
            found.extend(manager.filter(**{f"{relation.field.name}__in": accounts}))
    return found


def _remove_persons(gone: Gone) -> None:
    persons = list(Person.objects.filter(import_source=SOURCE).order_by("pk"))
    busy: set[int] = set()
    for relation in _related(Person, (models.CASCADE, models.PROTECT)):
        held = relation.related_model._base_manager.values_list(relation.field.attname, flat=True)
        for start in range(0, len(persons), CHUNK):
            part = [person.pk for person in persons[start : start + CHUNK]]
            busy.update(held.filter(**{f"{relation.field.name}__in": part}))
    rows = Rows()
    rows.add(person for person in persons if person.pk not in busy)
    gone.rows += rows.remove("", "")
    for person in persons:
        if person.pk in busy or rows.stays(person):
            _leave_as_tombstone(person)


def _leave_as_tombstone(person: Person) -> None:
    """They took part elsewhere: what they did stays, and the key remembers that they voted."""
    for books in demo.books():
        books.leave(person)
    person.import_source, person.import_id, person.erased_at = "", "", clock.now()
    person.save(update_fields=["import_source", "import_id", "erased_at"])
    audit.record("person.tombstone", actor="system", subject=person.public_id, rows=[person])


# --- places in the CMS --------------------------------------------------------------------------


def _remove_empty_places() -> None:
    """Sections, shelves and groups of the bureaux that nobody uses; they are made when needed."""
    codes = {paper.bureau for paper in PAPERS} | {code for _role, code in ACCOUNTS.values() if code}
    names = [f"{role} {code}" for role in ROLES for code in codes]
    Group.objects.filter(name__in=names, user__isnull=True).delete()
    for bureau in Bureau.objects.filter(code__in=codes):
        sections: list[SectionPage] = []
        for section_class in SectionPage.__subclasses__():
            sections += section_class._default_manager.filter(bureau=bureau)
        pages = [section.pk for section in sections]
        used = any(section.numchild for section in sections)
        if used or GroupPagePermission.objects.filter(page_id__in=pages).exists():
            continue
        for section in sections:
            # Read again each time: the tree moves with every deletion.
            type(section)._default_manager.get(pk=section.pk).delete()
        PageLogEntry.objects.filter(page_id__in=pages).delete()
        for shelf in Collection.objects.filter(name=bureau.code, depth=2):
            full = MediaImage.objects.filter(collection=shelf).exists() or shelf.numchild
            if not full and not GroupCollectionPermission.objects.filter(collection=shelf).exists():
                shelf.delete()
