"""Pages of the room: the list of products, one section a bureau, products and their rounds."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from accounts.models import Bureau
from core.dates import FOREVER
from core.serving import ServedPage
from crowdtasks.blocks import TaskQuestionsBlock
from crowdtasks.models.pages import MOST_PLACES, MOST_POINTS
from crowdtasks.products.blocks import BuildsBlock, StepsBlock
from crowdtasks.products.models.round import WhoTries
from participation.models.pages import FacePage, SectionPage

FEATURES = ["h3", "bold", "italic", "ol", "ul", "link"]


class ProductIndexPage(ServedPage, Page):
    """All products of a language; one under each home page."""

    parent_page_types = ["core.HomePage"]
    subpage_types = ["products.ProductSectionPage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("list of products")


class ProductSectionPage(SectionPage):
    """One bureau's products in one language; made when first needed, slug = the bureau's."""

    bureau = models.ForeignKey(Bureau, on_delete=models.PROTECT, related_name="product_sections")

    parent_page_types = ["products.ProductIndexPage"]
    subpage_types = ["products.ProductPage", "products.RoundPage"]

    class Meta:
        verbose_name = _("bureau's products")


class ProductPage(FacePage):
    """A product. It has a day from which it is public, and no last day."""

    about = RichTextField(
        _("what it is"),
        blank=True,
        features=FEATURES,
        help_text=_("What it does, for whom, and how far it is."),
    )
    builds = StreamField(BuildsBlock(), blank=True, verbose_name=_("builds"))

    parent_page_types = ["products.ProductSectionPage"]
    subpage_types: list[str] = []
    template = "products/product_page.html"

    translatable_fields = [
        *FacePage.face_translatable,
        TranslatableField("about"),
        TranslatableField("builds"),
        *FacePage.face_synchronized,
    ]

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")

    @property
    def closes_at(self) -> dt.datetime | None:
        return FOREVER


class RoundPage(FacePage):
    """A round in which people try one build."""

    build = models.ForeignKey(
        "products.Build",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("build to try"),
        help_text=_("Of a product that is public."),
    )
    about = RichTextField(
        _("what it is about"),
        blank=True,
        features=FEATURES,
        help_text=_("What you want to find out, and what you do with it."),
    )
    who = models.CharField(
        _("who can try it"),
        max_length=8,
        choices=WhoTries.choices,
        default=WhoTries.ANYONE,
        help_text=_(
            "Volunteers are drawn by lot and invited once the round is public: its page in the "
            "CMS leads there."
        ),
    )
    steps = StreamField(StepsBlock(), blank=True, verbose_name=_("steps"))
    questions = StreamField(
        TaskQuestionsBlock(), blank=True, verbose_name=_("questions after the last step")
    )
    asks_sus = models.BooleanField(
        _("ask the System Usability Scale too"),
        default=False,
        help_text=_(
            "For invited volunteers. Ten statements in fixed words after your questions give a "
            "score from 0 to 100 that can be compared with the build before. Should the round be "
            "opened to everybody, who comes by without an invitation is not asked them."
        ),
    )
    reward = models.PositiveIntegerField(
        _("points for trying it"),
        default=0,
        validators=[MaxValueValidator(MOST_POINTS)],
        help_text=_(
            "0: none, and no budget is needed. Otherwise say below how many people can be "
            "rewarded: the whole cost is set aside from the bureau’s budget when it is published."
        ),
    )
    reward_places = models.PositiveIntegerField(
        _("people who can be rewarded"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
        help_text=_(
            "Needed with a reward. Afterwards anyone can still try it, and reads beforehand that "
            "all rewards are taken."
        ),
    )
    hold_days = models.PositiveSmallIntegerField(
        _("days until the points can be spent"),
        default=0,
        validators=[MaxValueValidator(90)],
        help_text=_("0: at once. Points of a try that is looked at wait for the officer."),
    )

    parent_page_types = ["products.ProductSectionPage"]
    subpage_types: list[str] = []
    template = "products/product_page.html"

    translatable_fields = [
        *FacePage.face_translatable,
        TranslatableField("about"),
        TranslatableField("steps"),
        TranslatableField("questions"),
        *FacePage.face_synchronized,
        *(
            SynchronizedField(name, overridable=False)
            for name in ("build", "who", "asks_sus", "reward", "reward_places", "hold_days")
        ),
    ]

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
