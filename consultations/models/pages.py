"""Pages of the room: index, one section a bureau, the paper. Each has three language versions."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from accounts.models import Bureau, Level
from consultations import blocks
from core.serving import ServedPage
from participation.models.pages import LEVELS, FacePage, PartneredPage, SectionPage
from questionnaires.blocks import BACKGROUND_LIMIT, QuestionsBlock


class ConsultationIndexPage(ServedPage, Page):
    """All consultations of a language; one under each home page."""

    parent_page_types = ["core.HomePage"]
    subpage_types = ["consultations.BureauSectionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of consultations")


class BureauSectionPage(SectionPage):
    """One bureau's papers in one language; made when first needed, slug = the bureau's."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="sections")

    parent_page_types = ["consultations.ConsultationIndexPage"]
    subpage_types = ["consultations.ConsultationPage"]

    class Meta:
        verbose_name = _("bureau section")


class ConsultationPage(FacePage, PartneredPage):
    """A paper."""

    key_dates = StreamField(blocks.KeyDatesBlock(), blank=True, verbose_name=_("key dates"))
    body = StreamField(blocks.BodyBlock(), blank=True, verbose_name=_("chapters"))
    statements = StreamField(
        blocks.StatementsBlock(), blank=True, verbose_name=_("seed statements")
    )

    questions_intro = models.TextField(
        _("introduction to the questions"),
        blank=True,
        max_length=BACKGROUND_LIMIT,
        help_text=_("Read before the first question: why you ask, and who reads the answers."),
    )
    questions = StreamField(QuestionsBlock(), blank=True, verbose_name=_("questions"))
    organisations_may_answer = models.BooleanField(_("organisations may answer too"), default=True)
    ask_about_you = models.BooleanField(
        _("ask about the person afterwards"),
        default=True,
        help_text=_("Age group, district and the like, after the answers were sent; never needed."),
    )
    answer_level = models.PositiveSmallIntegerField(
        _("who may answer"), choices=LEVELS, default=Level.EMAIL
    )

    parent_page_types = ["consultations.BureauSectionPage"]
    template = "consultations/consultation_page.html"

    translatable_fields = [
        *FacePage.face_translatable,
        *(
            TranslatableField(name)
            for name in ("key_dates", "body", "statements", "questions_intro", "questions")
        ),
        *FacePage.face_synchronized,
        *PartneredPage.partners_synchronized,
        *(
            SynchronizedField(name, overridable=False)
            for name in ("answer_level", "organisations_may_answer", "ask_about_you")
        ),
    ]

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
