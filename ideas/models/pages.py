"""Pages of the room: the list of contests, one section a bureau, the contest."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from accounts.models import Bureau, Level
from core.dates import FOREVER
from core.serving import ServedPage
from ideas import blocks
from ideas.models.voting import ways
from participation.models.pages import (
    HONG_KONG,
    LEVELS,
    FacePage,
    PartneredPage,
    SectionPage,
    moment,
)
from questionnaires.blocks import QuestionsBlock

TEXT_LIMIT = 4000


class ContestIndexPage(ServedPage, Page):
    """All contests of a language; one under each home page."""

    parent_page_types = ["core.HomePage"]
    subpage_types = ["ideas.ContestSectionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of contests")


class ContestSectionPage(SectionPage):
    """One bureau's contests in one language; made when first needed, slug = the bureau's."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="contest_sections")

    parent_page_types = ["ideas.ContestIndexPage"]
    subpage_types = ["ideas.ContestPage"]

    class Meta:
        verbose_name = _("bureau's contests")


class ContestPage(FacePage, PartneredPage):
    """A contest. ``opens_on`` and ``closes_on`` are of the call; ``closes_at`` is when people can
    no longer take part at all: the end of the vote where there is one.

    ``standing`` makes it an ideas box without end, which has one phase and no vote.
    """

    standing = models.BooleanField(
        _("ideas box without end"),
        default=False,
        help_text=_("No closing date, no vote and no prizes; the bureau answers every month."),
    )
    vote_opens_on = models.DateField(
        _("public vote opens on"),
        null=True,
        blank=True,
        help_text=_("Empty: the public does not vote."),
    )
    vote_closes_on = models.DateField(_("last day of the public vote"), null=True, blank=True)
    vote_kind = models.CharField(
        _("how people vote"), max_length=10, choices=ways, default="approval"
    )
    vote_most = models.PositiveSmallIntegerField(
        _("votes a person"),
        default=3,
        help_text=_("Where each person has a number of votes."),
    )
    vote_budget = models.PositiveBigIntegerField(
        _("budget in HK$"),
        null=True,
        blank=True,
        help_text=_("Where people spend a budget. Ideas without a cost are not on the ballot."),
    )
    vote_after_own = models.BooleanField(
        _("totals only after one's own vote"),
        default=False,
        help_text=_("While the vote is open. Where results are sealed nobody sees any."),
    )
    jury_closes_on = models.DateField(
        _("the jury scores until"),
        null=True,
        blank=True,
        help_text=_("Empty: there is no jury."),
    )
    jury_weight = models.PositiveSmallIntegerField(
        _("what the jury counts, in per cent"),
        default=50,
        validators=[MaxValueValidator(100)],
        help_text=_("Where there is a public vote too, which counts the rest."),
    )
    submit_level = models.PositiveSmallIntegerField(
        _("who may hand in ideas"), choices=LEVELS[1:], default=Level.EMAIL
    )
    brief = RichTextField(
        _("brief"),
        blank=True,
        features=["h3", "bold", "italic", "ol", "ul", "link"],
        help_text=_("What you look for and why, what is settled already, what happens to ideas."),
    )
    eligibility = models.TextField(_("who may take part"), blank=True, max_length=TEXT_LIMIT)
    criteria = StreamField(blocks.CriteriaBlock(), blank=True, verbose_name=_("criteria"))
    categories = StreamField(blocks.CategoriesBlock(), blank=True, verbose_name=_("categories"))
    questions = StreamField(
        QuestionsBlock(), blank=True, verbose_name=_("questions to authors of ideas")
    )
    prizes = models.TextField(_("prizes"), blank=True, max_length=TEXT_LIMIT)
    terms = models.TextField(
        _("terms"),
        blank=True,
        max_length=TEXT_LIMIT,
        help_text=_("Whose the ideas are and what the bureau may do with them."),
    )
    links = StreamField(blocks.LinksBlock(), blank=True, verbose_name=_("data and links"))

    parent_page_types = ["ideas.ContestSectionPage"]
    subpage_types: list[str] = []
    template = "ideas/contest_page.html"

    translatable_fields = [
        *FacePage.face_translatable,
        *(
            TranslatableField(name)
            for name in (
                "brief",
                "eligibility",
                "criteria",
                "categories",
                "questions",
                "prizes",
                "terms",
                "links",
            )
        ),
        *FacePage.face_synchronized,
        *PartneredPage.partners_synchronized,
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "standing",
                "vote_opens_on",
                "vote_closes_on",
                "vote_kind",
                "vote_most",
                "vote_budget",
                "vote_after_own",
                "jury_closes_on",
                "jury_weight",
                "submit_level",
            )
        ),
    ]

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")

    @property
    def call_closes_at(self) -> dt.datetime | None:
        """The exclusive end of the call."""
        if self.standing:
            return FOREVER
        return super().closes_at

    @property
    def vote_closes_at(self) -> dt.datetime | None:
        """The exclusive end of the public vote; None where there is none."""
        if self.standing or self.vote_opens_on is None or self.vote_closes_on is None:
            return None
        return moment(self.vote_closes_on + dt.timedelta(days=1), None)

    @property
    def closes_at(self) -> dt.datetime | None:
        """When nobody of the public can take part any more."""
        call, vote = self.call_closes_at, self.vote_closes_at
        return max(call, vote) if call and vote else call

    @property
    def jury_share(self) -> int:
        """What the jury counts in per cent: all, where the public does not vote."""
        return self.jury_weight if self.vote_closes_at else 100

    def set_close(self, closes_at: dt.datetime) -> None:
        """Extending moves what ends last: the vote, else the call."""
        if self.vote_closes_at is None:
            super().set_close(closes_at)
            return
        last = (closes_at - dt.timedelta(microseconds=1)).astimezone(HONG_KONG)
        self.vote_closes_on = last.date()
