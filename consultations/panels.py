"""The editor of a paper: one page from top to bottom, in the order of the steps."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    MultiFieldPanel,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from consultations.checklist import lacking, language_name
from consultations.forms.editor import PaperForm
from consultations.questions import definition_of_page, frozen_definition, summary
from consultations.translation import standings
from core.texts import LANGUAGES, html_lang, pick
from participation.panels import OneTab, about_panels, partners_panel
from questionnaires.blocks import TESTS_OF_KIND
from questionnaires.definition import Definition
from questionnaires.sentences import condition_sentence


class LanguagesPanel(Panel):
    """What each language version lacks, with a link to write it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "consultations/desk/languages_panel.html"

        @property
        def media(self) -> Media:
            # The steps link to single fields of this page.
            return Media(js=["consultations/arrive.js"])

        def is_shown(self) -> bool:
            page = self.instance
            return bool(page.pk and page.engagement)

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["versions"] = version_lines(self.instance)
            engagement = self.instance.engagement
            context["steps_url"] = (
                reverse("kaifong_desk:steps", args=[engagement.public_id]) if engagement else ""
            )
            return context


class QuestionsPanel(Panel):
    """Minutes to answer, conditions as sentences, ways on. A script keeps it up while writing."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "consultations/desk/questions_panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk and self.instance.engagement)

        @property
        def media(self) -> Media:
            return Media(js=["consultations/questions.js"])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            page = self.instance
            engagement = page.engagement
            frozen = frozen_definition(engagement)
            definition = definition_of_page(page)
            context.update(
                engagement=engagement,
                frozen=frozen is not None,
                summary=summary(definition, frozen),
                conditions=conditional(definition),
                languages=[(code, language_name(code), html_lang(code)) for code in LANGUAGES],
                tests=TESTS_OF_KIND,
            )
            return context


def conditional(definition: Definition) -> list[dict[str, Any]]:
    """For templates: each question that is not always shown, with its sentence."""
    return [
        {"question": question, "title": pick(question.title), "sentence": said}
        for question in definition.questions()
        if (said := condition_sentence(definition, question))
    ]


def version_lines(page: Any) -> list[dict[str, Any]]:
    """For templates: each language with what it lacks and where to write it."""
    engagement = page.engagement
    lines = []
    for standing in standings(page):
        lines.append(
            {
                "name": language_name(standing.language),
                "language": standing.language,
                "is_source": standing.is_source,
                "is_complete": standing.is_complete,
                "lacks": lacking(standing),
                "url": ""
                if standing.is_source or engagement is None
                else reverse("kaifong_desk:words", args=[engagement.public_id, standing.language]),
            }
        )
    return lines


def paper_handler() -> TabbedInterface:
    """The edit handler of ``ConsultationPage``."""
    content = OneTab(
        [
            LanguagesPanel(heading=_("Languages")),
            TitleFieldPanel("title"),
            FieldPanel("summary"),
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
            FieldPanel("body", heading=_("Paper")),
            FieldPanel("statements", heading=_("Statements to agree or disagree with")),
            MultiFieldPanel(
                [
                    QuestionsPanel(),
                    FieldPanel("questions_intro"),
                    FieldPanel("questions"),
                    FieldPanel("answer_level"),
                    FieldPanel("organisations_may_answer"),
                    FieldPanel("ask_about_you"),
                ],
                heading=_("Questions"),
            ),
            FieldPanel("key_dates"),
            *about_panels(),
            partners_panel(),
            MultiFieldPanel(
                [
                    HelpPanel(
                        _(
                            "These rules are shown to everybody. Once it has opened, who may "
                            "vote and when results can be seen stand as they are. The others "
                            "change for a reason only, which is announced."
                        )
                    ),
                    FieldPanel("comment_level"),
                    FieldPanel("vote_level"),
                    FieldPanel("moderation_policy"),
                    FieldPanel("results_from"),
                    FieldPanel("grace_minutes"),
                    FieldPanel("rules_reason"),
                    FieldPanel("slug"),
                ],
                heading=_("Rules and address"),
                classname="collapsed",
            ),
        ],
        heading=_("Paper"),
    )
    # One tab: its frame gives the page its margins.
    return TabbedInterface([content], base_form_class=PaperForm)
