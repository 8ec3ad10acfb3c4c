"""The outcome on the desk: its parts and the answer in short, by two officers."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Account, Role
from accounts.policies import has_role
from consultations import checklist
from consultations.access import access_paper
from consultations.actions.outcome import publish_outcome, return_outcome, send_outcome
from consultations.forms.desk import NoteForm, OutcomeForm, field_key
from core import clock
from core.exceptions import DomainError
from core.form_pages import form_page
from core.simplified import to_simplified
from core.texts import LANGUAGES, Text, known_language, pick
from participation import faces, outcome_parts, outcome_targets, timeline
from participation.actions.outcomes import is_writer, save_outcome, version_of
from participation.models import Engagement, Outcome, OutcomeStep
from participation.outcome_faults import Fault, NotReady
from participation.outcome_reading import ItemView, items_with_quotes, views_of
from participation.outcome_targets import TargetView
from participation.stages import days_late


def _part_title(
    engagement: Engagement, fault: Fault, targets: dict[tuple[str, str], TargetView]
) -> Text | str:
    """What a fault is about, as its line in the list begins."""
    if fault.lack is not None:
        return Text(fault.lack.title, fault.lack.language) if fault.lack.title else ""
    item = fault.item
    key = (item.target_kind, item.target_key) if item is not None else fault.target
    if key and key[0] == outcome_targets.WHOLE:
        return str(faces.words_of(engagement).whole)
    target = targets.get(key) if key else None
    return pick(target.title) if target else ""


def _fault_groups(engagement: Engagement, faults: list[Fault], step: str) -> list[dict[str, Any]]:
    """The faults part by part, each with its sentence and the way to the very field."""
    targets = outcome_targets.targets_of(engagement)
    here = reverse("kaifong_desk:outcome", args=[engagement.public_id])
    groups: list[dict[str, Any]] = []
    for fault in faults:
        if fault.item is not None:
            at = reverse(
                "kaifong_desk:outcome_part", args=[engagement.public_id, fault.item.public_id]
            )
            url = f"{at}?check={step}#id_{field_key(fault.field)}"
        elif fault.lack is not None:
            url = fault.lack.path
        elif fault.field == "late_reason":
            url = reverse("kaifong_desk:outcome_late", args=[engagement.public_id])
        elif fault.field == "items":
            url = f"{here}#parts"
        else:
            url = f"#id_{field_key(fault.field)}"
        title = _part_title(engagement, fault, targets)
        if not groups or groups[-1]["title"] != title:
            groups.append({"title": title, "lines": []})
        groups[-1]["lines"].append({"sentence": fault.sentence, "url": url})
    return groups


def _open_targets(engagement: Engagement, views: list[ItemView]) -> list[dict[str, Any]]:
    """Targets without a part yet; ticked at the first opening where something was said on them."""
    there = {(view.item.target_kind, view.item.target_key) for view in views}
    labels = {kind.kind: kind.label for kind in outcome_targets.kinds()}
    spoken = set() if views else outcome_targets.spoken_on(engagement)
    return [
        {
            "view": target,
            "title": pick(target.title),
            "label": labels[target.kind],
            "ticked": key in spoken,
        }
        for key, target in outcome_targets.targets_of(engagement).items()
        if key not in there and not target.retired
    ]


def _context(engagement: Engagement, row: Outcome | None) -> dict[str, Any]:
    """What the page of the outcome shows besides its form."""
    now = clock.now()
    language = known_language(get_language())
    views = views_of(engagement, row, items_with_quotes(row), language) if row else []
    return {
        "engagement": engagement,
        "outcome": row,
        "parts": views,
        "open_targets": [] if row and row.published_at else _open_targets(engagement, views),
        "part_desk": part.desk(engagement) if (part := outcome_parts.part_of(engagement)) else None,
        "late": days_late(engagement, now),
        "reason": timeline.reason_for_delay(engagement),
    }


@never_cache
def outcome(request: HttpRequest, public_id: str) -> HttpResponse:
    """The parts, the answer in short, the way to the approver.

    'send' sends all of it, 'heard' what was heard alone. What is missing is listed, each with the
    way to its field; what was typed is saved before it is judged.
    """
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account, write=True)
    row = _row(engagement)

    def act(form: OutcomeForm) -> HttpResponse:
        step = OutcomeStep.HEARD if "heard" in request.POST else OutcomeStep.OUTCOME
        if step == OutcomeStep.OUTCOME:
            texts = form.texts()
            if not texts["zh-hans"].strip() and texts["zh-hant"].strip():
                texts["zh-hans"] = to_simplified(texts["zh-hant"])
            save_outcome(engagement=engagement, text=texts, by=account)
        if "send" not in request.POST and step == OutcomeStep.OUTCOME:
            messages.success(request, _("The outcome is saved as a draft."))
            return redirect("kaifong_desk:outcome", public_id)
        try:
            send_outcome(engagement=engagement, by=account, step=step)
        except NotReady as missing:
            # Its transaction is rolled back; the draft saved before it stands.
            page = {
                **_context(engagement, _row(engagement)),
                "form": _form(_row(engagement)),
                "form_id": "form",
                "faults": _fault_groups(engagement, missing.faults, step),
            }
            return render(request, "consultations/desk/outcome.html", page, status=missing.status)
        messages.success(request, _("It is sent for approval."))
        return redirect("kaifong_desk:outcome", public_id)

    return form_page(
        request,
        "consultations/desk/outcome.html",
        OutcomeForm,
        act=act,
        context=_context(engagement, row),
        initial=_initial(row),
    )


def _row(engagement: Engagement) -> Outcome | None:
    return (
        Outcome.objects.filter(engagement=engagement)
        .select_related("written_by", "approved_by")
        .first()
    )


def _initial(row: Outcome | None) -> dict[str, str]:
    return {
        f"text_{field_key(language)}": (row.text if row else {}).get(language, "")
        for language in LANGUAGES
    }


def _form(row: Outcome | None) -> OutcomeForm:
    return OutcomeForm(initial=_initial(row))


@never_cache
def outcome_review(request: HttpRequest, public_id: str) -> HttpResponse:
    """What waits for approval, in each language, with Approve and Send back."""
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account)
    row = _row(engagement)
    waits = row is not None and row.submitted_at is not None and row.published_at is None

    def act(form: NoteForm) -> HttpResponse:
        return_outcome(engagement=engagement, note=form.cleaned_data["note"], by=account)
        messages.success(request, _("Sent back with your note."))
        return redirect("wagtailadmin_home")

    may_decide = (
        waits
        and row is not None
        and not is_writer(row, account)
        and has_role(account, Role.APPROVER, engagement.owner)
    )
    return form_page(
        request,
        "consultations/desk/outcome_review.html",
        NoteForm,
        act=act,
        context={
            "engagement": engagement,
            "outcome": row,
            "waits": waits,
            "heard": row is not None and row.submitted_step == OutcomeStep.HEARD,
            "languages": _in_each_language(engagement, row) if row else [],
            "part": outcome_parts.shown(engagement, draft=True) if row else None,
            "may_decide": may_decide,
            "version": version_of(row) if row else "",
        },
        form_id="send-back",
    )


def _in_each_language(engagement: Engagement, row: Outcome) -> list[dict[str, Any]]:
    """The text and the parts in every language: an approver answers for all of them."""
    items = items_with_quotes(row)
    return [
        {
            "language": language,
            "name": checklist.language_name(language),
            "text": row.text.get(language, ""),
            "parts": views_of(engagement, row, items, language),
        }
        for language in LANGUAGES
    ]


@never_cache
@require_POST
def outcome_approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Publish the outcome."""
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account)
    try:
        row = publish_outcome(
            engagement=engagement, by=account, version=request.POST.get("version", "")
        )
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("kaifong_desk:outcome_review", public_id)
    if row.published_at is None:
        messages.success(request, _("What was heard is published. Followers are told."))
        return redirect("kaifong_desk:outcome", public_id)
    messages.success(request, _("The outcome is published. Everybody who took part is told."))
    return redirect("kaifong_desk:steps", public_id)
