"""What the pages of all rooms share: a page is the face of an engagement (decision 1).

The page finds its engagement by its translation key. Only the page in the source language shows
and decides the schedule; the others follow it (decision 11). Nobody publishes one with Wagtail's
own buttons: the desk sends it to a second officer and opens all languages together.
"""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, PagePermissionTester, Revision
from wagtail_localize.fields import SynchronizedField, TranslatableField

from accounts.models import Bureau, Level
from core.serving import ServedPage
from core.texts import known_language
from participation import approving
from participation.models.engagement import Engagement, ModerationPolicy, ResultsFrom

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Account

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
LEVELS = [
    (Level.ANYONE, _("Anyone")),
    (Level.EMAIL, _("Anyone with a confirmed e-mail")),
    (Level.VERIFIED, _("Verified persons only")),
]
PREVIEW_MODES = [
    ("open", _("Open")),
    ("upcoming", _("Before it opens")),
    ("closed", _("After the close")),
    ("outcome", _("With its outcome")),
]


def moment(day: dt.date | None, time: dt.time | None) -> dt.datetime | None:
    """The instant of a time of day in Hong Kong; midnight at the day's start without a time."""
    if day is None:
        return None
    return dt.datetime.combine(day, time or dt.time(0), tzinfo=HONG_KONG)


class SectionPage(ServedPage, Page):
    """One bureau's pages of a room in one language; made when first needed, slug = the bureau's."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


class FacePermissionTester(PagePermissionTester):
    """Nobody publishes, moves or copies one with Wagtail's own buttons, superusers included.

    A second officer approves on the desk, and one action publishes all three languages; a moved or
    copied page would part from its engagement.
    """

    def can_publish(self) -> bool:
        return False

    def can_unpublish(self) -> bool:
        return False

    def can_publish_subpage(self) -> bool:
        return False

    def can_move(self) -> bool:
        return False

    def can_move_to(self, destination: Page) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_copy_to(self, destination: Page, recursive: bool = False) -> bool:
        return False

    def can_lock(self) -> bool:
        return False

    def can_unlock(self) -> bool:
        return False

    def can_unschedule(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """A draft nobody has seen may go; what was public is closed or withdrawn, never deleted."""
        page = self.page
        if page.live or page.first_published_at is not None:
            return False
        return bool(super().can_delete(ignore_bulk))


class FacePage(ServedPage, Page):
    """The face of an engagement. ``closes_on`` is the last day; ``closes_at`` the exclusive instant
    after it.
    """

    summary = models.TextField(
        _("summary"),
        blank=True,
        max_length=600,
        help_text=_("What is asked and of whom, in three sentences. Shown in lists."),
    )
    file_number = models.CharField(_("file number"), max_length=60, blank=True)
    contact = models.TextField(
        _("contact"),
        blank=True,
        max_length=600,
        help_text=_("Who answers questions: office, telephone, e-mail."),
    )
    topics = models.JSONField(_("topics"), default=list, blank=True)
    districts = models.JSONField(
        _("districts"),
        default=list,
        blank=True,
    )
    opens_on = models.DateField(_("opens on"), null=True, blank=True)
    opens_time = models.TimeField(
        _("at what time"),
        null=True,
        blank=True,
        help_text=_("Empty: at the start of the day."),
    )
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    closes_time = models.TimeField(
        _("until what time"),
        null=True,
        blank=True,
        help_text=_("Empty: to the end of the day, 11:59 pm."),
    )
    response_due = models.DateField(
        _("response due"),
        null=True,
        blank=True,
        help_text=_("When the bureau answers at the latest. It is shown, and being late is shown."),
    )
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace in minutes"),
        default=30,
        help_text=_("For responses begun before the close."),
    )
    moderation_policy = models.CharField(
        _("comments are read by a moderator"),
        max_length=8,
        choices=[
            (ModerationPolicy.BEFORE, _("Before they are public")),
            (ModerationPolicy.AFTER, _("After they are public")),
        ],
        default=ModerationPolicy.BEFORE,
    )
    results_from = models.CharField(
        _("results can be seen"),
        max_length=8,
        choices=[
            (ResultsFrom.LIVE, _("While it is open")),
            (ResultsFrom.CLOSE, _("After the close")),
            (ResultsFrom.OUTCOME, _("With the outcome")),
        ],
        default=ResultsFrom.LIVE,
    )
    comment_level = models.PositiveSmallIntegerField(
        _("who may comment"), choices=LEVELS, default=Level.EMAIL
    )
    vote_level = models.PositiveSmallIntegerField(
        _("who may vote"), choices=LEVELS[1:], default=Level.EMAIL
    )
    rules_reason = models.TextField(
        _("why the rules change"),
        blank=True,
        max_length=500,
        help_text=_("Only for a change after the opening: it is announced to everybody."),
    )
    hidden_until_open = models.BooleanField(
        _("keep hidden until it opens"),
        default=False,
        help_text=_("Otherwise it is public as upcoming once it is approved."),
    )
    versions_follow_on = models.DateField(
        _("missing language version follows on"),
        null=True,
        blank=True,
        help_text=_("Only where the English or the Traditional Chinese version comes later."),
    )
    cover = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("cover picture"),
    )
    cover_alt = models.CharField(_("what the cover picture shows"), max_length=300, blank=True)

    subpage_types: list[str] = []

    #: What every face has to translate, and what is the source's alone.
    face_translatable = [
        TranslatableField(name)
        for name in ("title", "summary", "contact", "cover_alt", "rules_reason")
    ]
    face_synchronized = [
        SynchronizedField(name, overridable=False)
        for name in (
            "slug",
            "file_number",
            "topics",
            "districts",
            "opens_on",
            "opens_time",
            "closes_on",
            "closes_time",
            "response_due",
            "grace_minutes",
            "moderation_policy",
            "results_from",
            "comment_level",
            "vote_level",
            "hidden_until_open",
            "versions_follow_on",
            "cover",
        )
    ]

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """As citizens will see it in each later state."""
        return PREVIEW_MODES

    @cached_property
    def bureau(self) -> Bureau:
        """The bureau whose section it stands in."""
        section: SectionPage = self.get_parent().specific
        return section.bureau

    @property
    def engagement(self) -> Engagement | None:
        """The engagement it is the face of; none before the first draft was saved."""
        return (
            Engagement.objects.select_related("owner")
            .filter(translation_key=self.translation_key)
            .first()
        )

    @property
    def language(self) -> str:
        return known_language(self.locale.language_code)

    @property
    def is_source(self) -> bool:
        """Whether this is the version the others follow."""
        engagement = self.engagement
        return engagement is None or engagement.source_language == self.language

    @property
    def opens_at(self) -> dt.datetime | None:
        """The inclusive instant of opening."""
        return moment(self.opens_on, self.opens_time)

    @property
    def closes_at(self) -> dt.datetime | None:
        """The exclusive instant of the close: without a time the midnight after the last day."""
        if self.closes_on is None:
            return None
        if self.closes_time:
            return moment(self.closes_on, self.closes_time)
        return moment(self.closes_on + dt.timedelta(days=1), None)

    def set_close(self, closes_at: dt.datetime) -> None:
        """Write an exclusive instant as last day and time, as people say it."""
        local = closes_at.astimezone(HONG_KONG)
        if local.time() == dt.time(0):
            self.closes_on, self.closes_time = local.date() - dt.timedelta(days=1), None
        else:
            self.closes_on, self.closes_time = local.date(), local.time()

    def permissions_for_user(self, user: Account | AnonymousUser) -> FacePermissionTester:
        return FacePermissionTester(user, self)

    def save_revision(
        self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any
    ) -> Revision:
        """Wagtail's, but what an approver was shown or the public reads is never overwritten.

        The editor saves over its own last draft; over an approved one that would change what was
        approved without anybody else reading it. Such a save makes a new draft instead.
        """
        with transaction.atomic():
            if overwrite_revision is not None:
                # Sending for approval takes the same lock, so it cannot slip in between.
                list(
                    Engagement.objects.select_for_update(no_key=True)
                    .filter(translation_key=self.translation_key)
                    .values_list("pk")
                )
                fixed = overwrite_revision.pk == self.live_revision_id
                if fixed or approving.is_bound(self.translation_key, overwrite_revision.pk):
                    overwrite_revision = None
            return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def get_lock(self) -> Any:
        """While it lies with an approver it cannot be edited; its author may take it back."""
        return approving.lock_of(self) or super().get_lock()


class PartneredPage(models.Model):
    """Of faces whose engagement several bodies run together; ``partners`` are codes of bodies."""

    partners = models.JSONField(_("partner bodies"), default=list, blank=True)

    partners_synchronized = [SynchronizedField("partners", overridable=False)]

    class Meta:
        abstract = True

    @property
    def partner_bodies(self: Any) -> QuerySet[Bureau]:
        """The bodies that run it with the owner, in the order of the government's list."""
        if not self.partners:
            return Bureau.objects.none()
        named = Bureau.objects.filter(code__in=self.partners, in_use=True)
        return named.exclude(pk=self.bureau.pk).order_by("sort_order", "code")
