"""The editor of a campaign: one page from top to bottom, in the order of the steps."""

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

from crowdtasks.forms.editor import CampaignForm
from participation.panels import OneTab, about_panels


def campaign_handler() -> TabbedInterface:
    """The edit handler of ``CampaignPage``."""
    content = OneTab(
        [
            TitleFieldPanel("title"),
            FieldPanel("kind"),
            FieldPanel("summary"),
            FieldPanel("about"),
            FieldPanel("questions"),
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
            MultiFieldPanel(
                [FieldRowPanel([FieldPanel("places"), FieldPanel("claim_minutes")])],
                heading=_("Places"),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _("Points are for completing it, never for which way somebody answers.")
                    ),
                    FieldRowPanel([FieldPanel("reward"), FieldPanel("hold_days")]),
                ],
                heading=_("Reward"),
                classname="collapsed",
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "A response that came too fast, failed an attention check or repeats "
                            "another's text is always looked at by an officer. Nothing is refused "
                            "by itself."
                        )
                    ),
                    FieldPanel("review_rule"),
                    FieldPanel("sample_percent"),
                ],
                heading=_("Looking at responses"),
                classname="collapsed",
            ),
            *about_panels(),
            MultiFieldPanel(
                [
                    FieldPanel("answer_level"),
                    FieldPanel("results_from"),
                    FieldPanel("results_after_own"),
                    FieldPanel("grace_minutes"),
                    FieldPanel("moderation_policy"),
                    FieldPanel("rules_reason"),
                    FieldPanel("slug"),
                ],
                heading=_("Rules and address"),
                classname="collapsed",
            ),
        ],
        heading=_("Poll or survey"),
    )
    return TabbedInterface([content], base_form_class=CampaignForm)
