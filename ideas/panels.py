"""The editor of a contest: one page from top to bottom, in the order of the steps."""

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

from ideas.forms.editor import ContestForm
from participation.panels import OneTab, about_panels, partners_panel


def contest_handler() -> TabbedInterface:
    """The edit handler of ``ContestPage``."""
    content = OneTab(
        [
            TitleFieldPanel("title"),
            FieldPanel("summary"),
            FieldPanel("brief"),
            MultiFieldPanel(
                [
                    FieldPanel("standing"),
                    FieldRowPanel([FieldPanel("opens_on"), FieldPanel("opens_time")]),
                    FieldRowPanel([FieldPanel("closes_on"), FieldPanel("closes_time")]),
                    FieldRowPanel([FieldPanel("vote_opens_on"), FieldPanel("vote_closes_on")]),
                    FieldRowPanel([FieldPanel("jury_closes_on"), FieldPanel("jury_weight")]),
                    FieldPanel("response_due", heading=_("Result on")),
                    FieldPanel("hidden_until_open"),
                    FieldPanel("versions_follow_on"),
                ],
                heading=_("Phases"),
            ),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _("From the opening of the vote on, none of this can be changed any more.")
                    ),
                    FieldPanel("vote_kind"),
                    FieldRowPanel([FieldPanel("vote_most"), FieldPanel("vote_budget")]),
                    FieldPanel("vote_after_own"),
                ],
                heading=_("Public vote"),
                classname="collapsed",
            ),
            FieldPanel("eligibility"),
            FieldPanel("criteria"),
            FieldPanel("categories"),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "Asked where authors write their idea on, not in the first form of two "
                            "fields. Answers stand with the idea; a text that is never published "
                            "is for the bureau alone. From the opening on the questions stay."
                        )
                    ),
                    FieldPanel("questions"),
                ],
                heading=_("Questions to authors of ideas"),
                classname="collapsed",
            ),
            FieldPanel("prizes"),
            FieldPanel("terms"),
            FieldPanel("links"),
            *about_panels(),
            partners_panel(),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "These rules are shown to everybody, with a fingerprint. After the "
                            "opening a change is announced with your reason."
                        )
                    ),
                    FieldPanel("submit_level"),
                    FieldPanel("comment_level"),
                    FieldPanel("vote_level"),
                    FieldPanel("moderation_policy"),
                    FieldPanel("results_from"),
                    FieldPanel("rules_reason"),
                    FieldPanel("slug"),
                ],
                heading=_("Rules and address"),
                classname="collapsed",
            ),
        ],
        heading=_("Contest"),
    )
    return TabbedInterface([content], base_form_class=ContestForm)
