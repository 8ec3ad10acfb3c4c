"""The editors of a product and of a round: one page each, in the order of the steps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    TabbedInterface,
    TitleFieldPanel,
)

from crowdtasks.products.forms.editor import ProductForm, RoundForm
from participation.panels import OneTab, about_panels


def product_handler() -> TabbedInterface:
    """The edit handler of ``ProductPage``."""
    content = OneTab(
        [
            TitleFieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("about"),
            FieldPanel("builds"),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("opens_on", heading=_("Public from"))]),
                    FieldPanel("hidden_until_open"),
                    FieldPanel("versions_follow_on"),
                ],
                heading=_("Dates"),
            ),
            *about_panels(),
            MultiFieldPanel([FieldPanel("slug")], heading=_("Address"), classname="collapsed"),
        ],
        heading=_("Product"),
    )
    return TabbedInterface([content], base_form_class=ProductForm)


def round_handler() -> TabbedInterface:
    """The edit handler of ``RoundPage``."""
    content = OneTab(
        [
            TitleFieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("build"),
            FieldPanel("about"),
            FieldPanel("who"),
            FieldPanel("steps"),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "Anyone tries an open round without an account, and an invited one "
                            "may have to be opened: so it asks at most five questions. How each "
                            "step went is asked at the step."
                        )
                    ),
                    FieldPanel("questions"),
                    FieldPanel("asks_sus"),
                ],
                heading=_("Questions after the last step"),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "Points are for trying it, whatever is said of it. Who is signed in "
                            "has them at once; anyone else gets a claim code on the receipt and "
                            "has them after signing in, until 30 days after the close."
                        )
                    ),
                    FieldRowPanel([FieldPanel("reward"), FieldPanel("reward_places")]),
                    FieldPanel("hold_days"),
                ],
                heading=_("Reward"),
                classname="collapsed",
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("opens_on"), FieldPanel("opens_time")]),
                    FieldRowPanel([FieldPanel("closes_on"), FieldPanel("closes_time")]),
                    FieldPanel("response_due"),
                    FieldPanel("hidden_until_open"),
                    FieldPanel("versions_follow_on"),
                ],
                heading=_("Dates"),
            ),
            *about_panels(),
            MultiFieldPanel(
                [
                    FieldPanel("results_from"),
                    FieldPanel("grace_minutes"),
                    FieldPanel("rules_reason"),
                    FieldPanel("slug"),
                ],
                heading=_("Rules and address"),
                classname="collapsed",
            ),
        ],
        heading=_("Round"),
    )
    return TabbedInterface([content], base_form_class=RoundForm)
