"""The parts of an outcome on the desk: begun, written, quoted from what is public, moved."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Account
from consultations.access import access_paper
from consultations.forms.desk import field_key
from consultations.forms.outcome import ItemForm, LateForm, item_initial
from core.exceptions import Absent, DomainError
from core.form_pages import form_page
from core.texts import known_language
from participation import material, outcome_targets
from participation.actions import outcome_items as acts
from participation.actions.lateness import explain_delay
from participation.models import Engagement, OutcomeItem, OutcomeStep
from participation.outcome_faults import Fault, item_faults
from participation.outcome_reading import items_with_quotes, title_of, views_of


def _own(request: HttpRequest, public_id: str) -> tuple[Account, Engagement]:
    account = cast(Account, request.user)
    engagement, _page = access_paper(public_id, account, write=True)
    return account, engagement


def access_item(engagement: Engagement, item: str) -> OutcomeItem:
    """A part of this very engagement's outcome that is not taken out. Raises Absent."""
    row = (
        OutcomeItem.objects.select_related("outcome", "written_by")
        .filter(outcome__engagement=engagement, public_id=item, removed_at=None)
        .first()
    )
    if row is None:
        raise Absent
    row.outcome.engagement = engagement
    return row


@never_cache
@require_POST
def add_parts(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin a part for each target that was ticked (``kind:key``)."""
    account, engagement = _own(request, public_id)
    chosen = [tuple(value.split(":", 1)) for value in request.POST.getlist("target")]
    if any(len(target) != 2 for target in chosen):
        raise Absent
    here = reverse("kaifong_desk:outcome", args=[public_id])
    try:
        made = acts.add_items(
            engagement=engagement,
            targets=[(target[0], target[1]) for target in chosen],
            by=account,
        )
    except Absent:
        raise
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect(f"{here}#parts")
    if not made:
        messages.error(request, _("Tick what the outcome answers to."))
        return redirect(f"{here}#parts")
    if len(made) == 1:
        return redirect("kaifong_desk:outcome_part", public_id, made[0].public_id)
    messages.success(request, _("The parts are begun, with their figures."))
    return redirect(f"{here}#parts")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, public_id: str, item: str) -> HttpResponse:
    """Write one part, beside its figures, the most agreed with and the letters sent by many.

    ``?check=outcome`` (or 'heard') marks what is missing at its field.
    """
    account, engagement = _own(request, public_id)
    row = access_item(engagement, item)

    def act(form: ItemForm) -> HttpResponse:
        revision = request.POST.get("revision", "")
        acts.save_item(
            engagement=engagement,
            item=item,
            text=form.text(),
            revision=int(revision) if revision.isascii() and revision.isdigit() else None,
            by=account,
        )
        messages.success(request, _("The part is saved."))
        if "quotes" in request.POST:
            return redirect("kaifong_desk:outcome_quotes", public_id, item)
        return redirect("kaifong_desk:outcome", public_id)

    (view,) = views_of(
        engagement,
        row.outcome,
        [one for one in items_with_quotes(row.outcome) if one.pk == row.pk],
        known_language(get_language()),
    )
    return form_page(
        request,
        "consultations/desk/outcome_part.html",
        ItemForm,
        act=act,
        context={
            "engagement": engagement,
            "row": row,
            "view": view,
            "supported": _offered(
                row, material.most_supported(engagement, row.target_kind, row.target_key)
            ),
            "letters": material.letters(engagement, row.target_kind, row.target_key),
            "conflict": request.method == "POST"
            and request.POST.get("revision") != str(row.revision),
            "faults": _faults(row, request.GET.get("check", "")),
        },
        heard=row.heard_at is not None,
        initial=item_initial(row),
    )


def _offered(row: OutcomeItem, sources: list[material.Source]) -> list[dict[str, Any]]:
    """Texts to quote from, each with whether the part quotes it already."""
    there = set(row.citations.values_list("contribution__public_id", "part"))
    return [{"source": one, "there": (one.public_id, one.part) in there} for one in sources]


def _faults(row: OutcomeItem, step: str) -> list[dict[str, Any]]:
    if step not in OutcomeStep.values:
        return []
    return [fault_line(fault) for fault in item_faults(row, OutcomeStep(step))]


def fault_line(fault: Fault) -> dict[str, Any]:
    """A fault as a list shows it: the sentence and the field's id on its page."""
    return {"sentence": fault.sentence, "anchor": f"id_{field_key(fault.field)}"}


@never_cache
@require_POST
def part_act(request: HttpRequest, public_id: str, item: str) -> HttpResponse:
    """Move a part, take it out, count its figures anew, take out a quote."""
    account, engagement = _own(request, public_id)
    access_item(engagement, item)
    verb = request.POST.get("act", "")
    where = redirect(reverse("kaifong_desk:outcome", args=[public_id]) + "#parts")
    try:
        if verb in {"up", "down"}:
            acts.move_item(engagement=engagement, item=item, up=verb == "up", by=account)
        elif verb == "remove":
            acts.remove_item(engagement=engagement, item=item, by=account)
            messages.success(request, _("The part is taken out."))
        elif verb == "figures":
            acts.refresh_figures(engagement=engagement, item=item, by=account)
            messages.success(request, _("The figures are counted anew."))
            where = redirect("kaifong_desk:outcome_part", public_id, item)
        elif verb == "uncite":
            acts.uncite(
                engagement=engagement,
                item=item,
                source=request.POST.get("source", ""),
                part=request.POST.get("part", ""),
                by=account,
            )
            where = redirect("kaifong_desk:outcome_part", public_id, item)
        else:
            raise Absent
    except Absent:
        raise
    except DomainError as refused:
        messages.error(request, str(refused))
    return where


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def quotes(request: HttpRequest, public_id: str, item: str) -> HttpResponse:
    """Public texts to quote from, with a search that works without scripts."""
    account, engagement = _own(request, public_id)
    row = access_item(engagement, item)
    status, error = 200, ""
    if request.method == "POST":
        chosen = [value.partition(":") for value in request.POST.getlist("quote")]
        try:
            acts.cite(
                engagement=engagement,
                item=item,
                sources=[(source, part) for source, _colon, part in chosen],
                by=account,
            )
        except Absent:
            raise
        except DomainError as refused:
            status, error = refused.status, str(refused)
        else:
            messages.success(request, _("The quotes are in the part."))
            return redirect("kaifong_desk:outcome_part", public_id, item)
    words = request.GET.get("q", "")[:100].replace("\x00", "")
    everywhere = request.GET.get("on") == "all"
    target = outcome_targets.targets_of(engagement).get((row.target_kind, row.target_key))
    context = {
        "engagement": engagement,
        "row": row,
        "title": title_of(engagement, row, target, known_language(get_language())),
        "sources": _offered(
            row,
            material.quotable(
                engagement, row.target_kind, row.target_key, words, everywhere=everywhere
            ),
        ),
        "chosen": request.POST.getlist("quote"),
        "words": words,
        "everywhere": everywhere,
        "error": error,
        "most": material.LISTED,
    }
    return render(request, "consultations/desk/outcome_quotes.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def late(request: HttpRequest, public_id: str) -> HttpResponse:
    """Tell the public why the answer is late."""
    account, engagement = _own(request, public_id)

    def act(form: LateForm) -> HttpResponse:
        try:
            explain_delay(
                engagement=engagement,
                reason=form.reasons(),
                expected=form.cleaned_data["expected"],
                by=account,
            )
        except DomainError as refused:
            if field := getattr(refused, "field", ""):
                refused.field = field_key(field)  # type: ignore[attr-defined]
            raise
        messages.success(request, _("The reason is public. Followers are told once."))
        return redirect("kaifong_desk:outcome", public_id)

    told = list(engagement.public_notices.filter(kind="late")[:5])
    return form_page(
        request,
        "consultations/desk/outcome_late.html",
        LateForm,
        act=act,
        context={"engagement": engagement, "told": told},
    )
