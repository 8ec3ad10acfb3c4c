"""The questions of a paper on the desk: read while written, standard ones, corrections."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Account
from consultations.access import access_paper
from consultations.actions.bank import take_from_bank
from consultations.forms.questions import BankForm, CorrectionForm
from consultations.questions import (
    definition_of_page,
    frozen_definition,
    summary,
)
from core.exceptions import Absent, Invalid
from core.form_pages import form_page
from core.simplified import to_simplified
from core.texts import LANGUAGES, html_lang, pick
from participation.models.engagement import DEFAULT_KIND
from questionnaires.actions.definition import correct_question
from questionnaires.bank import BANK
from questionnaires.blocks import QuestionsBlock
from questionnaires.loading import load_definition, questionnaire_of

QUESTIONS_ANCHOR = "#kf-questions"


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)


@never_cache
@require_POST
def read(request: HttpRequest, public_id: str) -> HttpResponse:
    """What the editor's fields say now, as minutes and sentences. Keeps nothing.

    Takes the fields of the stream as the editor would post them; Invalid for anything else.
    """
    engagement, page = access_paper(public_id, _account(request), write=True, kind=DEFAULT_KIND)
    draft = page.get_latest_revision_as_object()
    try:
        draft.questions = QuestionsBlock().value_from_datadict(
            request.POST, request.FILES, "questions"
        )
        definition = definition_of_page(draft)
    except (KeyError, ValueError, TypeError, ArithmeticError) as error:
        raise Invalid from error
    found = summary(definition, frozen_definition(engagement))
    return JsonResponse(
        {
            "time": found.time,
            "faults": [*dict.fromkeys(one.sentence for one in found.faults), *found.warnings],
            "sentences": {
                key: [{"text": one.text, "lang": html_lang(one.language)} for one in pieces]
                for key, pieces in found.sentences.items()
            },
        }
    )


@never_cache
def bank(request: HttpRequest, public_id: str) -> HttpResponse:
    """Standard questions with their options in each language; those ticked go into the draft."""
    account = _account(request)
    engagement, page = access_paper(public_id, account, write=True, kind=DEFAULT_KIND)
    draft = page.get_latest_revision_as_object()
    definition = definition_of_page(draft)

    def act(form: BankForm) -> HttpResponse:
        count = take_from_bank(
            page=page,
            keys=form.cleaned_data["keys"],
            section=form.cleaned_data["section"],
            by=account,
        )
        messages.success(
            request,
            ngettext(
                "%(count)d question was taken, with its words in three languages.",
                "%(count)d questions were taken, with their words in three languages.",
                count,
            )
            % {"count": count},
        )
        return redirect(reverse("wagtailadmin_pages:edit", args=[page.pk]) + QUESTIONS_ANCHOR)

    return form_page(
        request,
        "consultations/desk/questions_bank.html",
        BankForm,
        act=act,
        context={
            "engagement": engagement,
            "questions": [_standard(one, request) for one in BANK],
            "frozen": frozen_definition(engagement) is not None,
        },
        definition=definition,
    )


def _standard(question: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        "key": question.key,
        "title": pick(question.title),
        "hint": pick(question.words.get("hint", {})),
        "options": [pick(one.label) for one in question.options],
        "versions": [(html_lang(code), question.title[code]) for code in LANGUAGES],
        "checked": question.key in request.POST.getlist("keys"),
    }


@never_cache
def correct(request: HttpRequest, public_id: str) -> HttpResponse:
    """A public note beside a question that people have answered."""
    account = _account(request)
    engagement, page = access_paper(public_id, account, write=True, kind=DEFAULT_KIND)
    row = questionnaire_of(engagement)
    if row is None or row.frozen_at is None:
        raise Absent

    def act(form: CorrectionForm) -> HttpResponse:
        texts = form.texts()
        if not texts["zh-hans"].strip() and texts["zh-hant"].strip():
            texts["zh-hans"] = to_simplified(texts["zh-hant"])
        correct_question(
            questionnaire=row, anchor=form.cleaned_data["question"], text=texts, by=account
        )
        messages.success(request, _("The correction is public, beside the question."))
        return redirect("kaifong_desk:steps", public_id)

    return form_page(
        request,
        "consultations/desk/questions_correct.html",
        CorrectionForm,
        act=act,
        context={"engagement": engagement},
        definition=load_definition(row),
        source_language=page.language,
    )
