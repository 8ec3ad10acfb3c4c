"""Pages of the room: what can be done now, one section a bureau, the campaign."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from accounts.models import Bureau, Level
from core.serving import ServedPage
from crowdtasks.blocks import TaskQuestionsBlock
from crowdtasks.models.campaign import CampaignKind, ReviewRule
from participation.models.pages import LEVELS, FacePage, SectionPage

#: A place is a row: what no bureau needs would only fill the table.
MOST_PLACES = 20_000
MOST_POINTS = 10_000
#: A fortnight.
MOST_MINUTES = 14 * 24 * 60


class TaskIndexPage(ServedPage, Page):
    """All tasks of a language; one under each home page."""

    parent_page_types = ["core.HomePage"]
    subpage_types = ["crowdtasks.TaskSectionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of tasks")


class TaskSectionPage(SectionPage):
    """One bureau's tasks in one language; made when first needed, slug = the bureau's."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="task_sections")

    parent_page_types = ["crowdtasks.TaskIndexPage"]
    subpage_types = ["crowdtasks.CampaignPage"]

    class Meta:
        verbose_name = _("bureau's tasks")


class CampaignPage(FacePage):
    """A poll or a survey."""

    kind = models.CharField(
        _("poll or survey"),
        max_length=8,
        choices=CampaignKind.choices,
        default=CampaignKind.SURVEY,
        help_text=_("A poll is one screen of at most five questions, answered at once."),
    )
    about = RichTextField(
        _("what it is about"),
        blank=True,
        features=["h3", "bold", "italic", "ol", "ul", "link"],
        help_text=_("Why you ask, who should answer, and what you do with the answers."),
    )
    questions = StreamField(TaskQuestionsBlock(), blank=True, verbose_name=_("questions"))
    answer_level = models.PositiveSmallIntegerField(
        _("who may answer"), choices=LEVELS, default=Level.EMAIL
    )
    places = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
        help_text=_("How many people may take part. Empty: as many as like."),
    )
    claim_minutes = models.PositiveIntegerField(
        _("minutes a place is held"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(MOST_MINUTES)],
        help_text=_(
            "From beginning to sending; then somebody else may take it. Where there are places."
        ),
    )
    reward = models.PositiveIntegerField(
        _("points for completing it"),
        default=0,
        validators=[MaxValueValidator(MOST_POINTS)],
        help_text=_(
            "0: none. Otherwise it needs places: their whole cost is set aside from the bureau’s "
            "budget when it is published, and what nobody earned returns after the close."
        ),
    )
    hold_days = models.PositiveSmallIntegerField(
        _("days until they can be spent"),
        default=0,
        validators=[MaxValueValidator(90)],
        help_text=_("0: at once. Points of a response that is looked at wait for the officer."),
    )
    review_rule = models.CharField(
        _("responses an officer looks at"),
        max_length=10,
        choices=ReviewRule.choices,
        default=ReviewRule.AUTOMATIC,
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("how many of a hundred"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Where a random part is looked at."),
    )
    results_after_own = models.BooleanField(
        _("who has answered sees the results at once"),
        default=False,
        help_text=_("Whenever everybody else sees them."),
    )

    parent_page_types = ["crowdtasks.TaskSectionPage"]
    subpage_types: list[str] = []
    template = "crowdtasks/campaign_page.html"

    translatable_fields = [
        *FacePage.face_translatable,
        TranslatableField("about"),
        TranslatableField("questions"),
        *FacePage.face_synchronized,
        *(
            SynchronizedField(name, overridable=False)
            for name in (
                "kind",
                "answer_level",
                "places",
                "claim_minutes",
                "reward",
                "hold_days",
                "review_rule",
                "sample_percent",
                "results_after_own",
            )
        ),
    ]

    class Meta:
        verbose_name = _("poll or survey")
        verbose_name_plural = _("polls and surveys")

    @property
    def is_poll(self) -> bool:
        return self.kind == CampaignKind.POLL
