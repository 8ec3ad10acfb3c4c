"""The bureau's board: findings by state, one after another, decided with a form or single keys."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account
from core import clock
from core.exceptions import Absent, Invalid, SignInNeeded
from core.form_pages import form_page
from core.texts import pick
from crowdtasks.findings import exports
from crowdtasks.findings.access import Place, access_board, access_finding_of_bureau
from crowdtasks.findings.actions.merging import merge_findings, unmerge_finding
from crowdtasks.findings.actions.triage import decide_finding, later_builds
from crowdtasks.findings.forms.triage import ANOTHER, MergeForm, TriageForm
from crowdtasks.findings.listing import PAGE_SIZE, Filters, beside, filters_of
from crowdtasks.findings.models import Finding, Severity
from crowdtasks.findings.querysets import FindingQuerySet
from crowdtasks.findings.reading import (
    counts_of,
    in_another_language,
    of_engagement,
    others_of,
    similar_to,
)
from crowdtasks.products.models import Build, Step
from feedback.files.table import TYPES, write
from participation.attachments.shown import all_files_of
from participation.forms import ConfirmForm
from participation.views.shared import about, language, sign_in

METHODS = ["GET", "HEAD", "POST"]


class _Narrowing:
    """What a board can be narrowed by, and what this address asks for; two queries."""

    def __init__(self, request: HttpRequest, place: Place) -> None:
        steps = Step.objects.filter(retired_at=None).select_related("round__build")
        if place.round is not None:
            steps = steps.filter(round=place.round)
        else:
            steps = steps.filter(round__build__product=place.product)
        said = [
            (one.block_id, f"{one.round.build.version}: {pick(one.title, language()).text}")
            for one in steps.order_by("-round", "order")[:500]
        ]
        self.steps = list(dict(reversed(said)).items())[::-1]
        rows = Build.objects.filter(product=place.product).order_by("-order", "-pk")
        self.builds = [(one.public_id, one.version) for one in rows]
        self.severities = Severity.choices
        self.filters: Filters = filters_of(
            request.GET,
            steps={key for key, _title in self.steps},
            builds={key for key, _version in self.builds},
        )


def _rows(place: Place) -> FindingQuerySet:
    return of_engagement(place.engagement)


@never_cache
@require_safe
def board(request: HttpRequest, public_id: str) -> HttpResponse:
    """How many stand where, and those of one column, the newest first."""
    try:
        place = access_board(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.get_full_path())
    narrowing = _Narrowing(request, place)
    filters = narrowing.filters
    rows = _rows(place)
    asked = request.GET.get("page", "")
    shown = Paginator(filters.shown(rows).whole(), PAGE_SIZE).get_page(
        asked if asked.isascii() else 1
    )
    listed = list(shown.object_list)
    others = others_of(listed)
    context = {
        **about(place.engagement),
        "place": place,
        "product_title": place.product.engagement.title,
        "narrowing": narrowing,
        "filters": filters,
        "counts": counts_of(filters.on(rows)),
        "shown": shown,
        "rows": [{"finding": one, "others": others.get(one.pk, 0)} for one in listed],
        "forms": list(TYPES),
    }
    return render(request, "findings/board.html", context)


@never_cache
@require_http_methods(METHODS)
def item(request: HttpRequest, public_id: str, finding_id: str) -> HttpResponse:
    """One finding with what is like it, and what becomes of it; then the next one."""
    account = current_account(request)
    try:
        place, finding = access_finding_of_bureau(public_id, finding_id, account)
    except SignInNeeded:
        return sign_in(request, request.get_full_path())
    if account is None:
        return sign_in(request, request.get_full_path())
    narrowing = _Narrowing(request, place)
    filters = narrowing.filters
    found = beside(filters.shown(_rows(place)), finding)
    builds = later_builds(finding)

    def to(name: str, *args: str) -> str:
        return reverse(f"findings:{name}", args=[public_id, *args]) + filters.query

    def act(form: TriageForm) -> HttpResponse:
        decide_finding(
            finding=finding,
            state=form.cleaned_data["state"],
            version=form.named(),
            reason=form.cleaned_data["reason"],
            language=language(),
            known=form.cleaned_data["known"],
            by=account,
        )
        messages.success(request, _("Decided. Who reported it is told."))
        # The one that was after it before it left the list.
        after = form.cleaned_data["after"]
        known = _rows(place).read().filter(contribution__public_id=after).exists()
        return HttpResponseRedirect(to("item", after) + "#item" if known else to("board"))

    standing = {one.version for one in builds}
    chosen = finding.mended_version if finding.mended_version in standing else ""
    return form_page(
        request,
        "findings/item.html",
        TriageForm,
        act=act,
        form_id="triage",
        builds=[(one.version, one.version) for one in builds],
        initial={
            "state": finding.state,
            "build": chosen or (ANOTHER if finding.mended_version else ""),
            "version": "" if chosen else finding.mended_version,
            "reason": finding.reason,
            "known": finding.state,
            "after": found.after,
        },
        context={
            **about(place.engagement),
            **_seen(finding),
            "place": place,
            "beside": found,
            "board_path": to("board"),
            "before_path": to("item", found.before) if found.before else "",
            "after_path": to("item", found.after) if found.after else "",
            "query": filters.query,
        },
    )


def _seen(finding: Finding) -> dict[str, Any]:
    """What an officer reads of one: pictures, what was decided, what it leads, what is like it."""
    return {
        "finding": finding,
        "files": all_files_of([finding.contribution]).get(finding.pk, ()),
        "changes": list(finding.changes.select_related("by")),
        "led": list(
            finding.led_findings.read().select_related("contribution", "build", "step")[:100]
        ),
        "similar": similar_to(finding) if finding.lead_id is None else [],
        "foreign": in_another_language(finding) if finding.lead_id is None else [],
    }


@never_cache
@require_http_methods(METHODS)
def merge(request: HttpRequest, public_id: str, finding_id: str) -> HttpResponse:
    """Put a finding to the one it is the same as, named by its number."""
    account = current_account(request)
    try:
        place, finding = access_finding_of_bureau(public_id, finding_id, account)
    except SignInNeeded:
        return sign_in(request, request.get_full_path())
    if account is None:
        return sign_in(request, request.get_full_path())

    def act(form: MergeForm) -> HttpResponse:
        wanted = form.cleaned_data["into"].strip()
        try:
            _place, into = access_finding_of_bureau(
                place.product.engagement.public_id, wanted, account
            )
        except Absent:
            raise Invalid(
                _("There is no finding of this product with this number."), field="into"
            ) from None
        merge_findings(finding=finding, into=into, by=account)
        messages.success(request, _("Merged. Both reporters are told what becomes of it."))
        return HttpResponseRedirect(_item(request, public_id, finding_id))

    return form_page(
        request,
        "findings/merge.html",
        MergeForm,
        act=act,
        form_id="merge",
        initial={"into": request.GET.get("into", "")[:40]},
        context={
            **about(place.engagement),
            "finding": finding,
            "similar": similar_to(finding),
            "foreign": in_another_language(finding),
            "back": _item(request, public_id, finding_id),
        },
    )


@never_cache
@require_http_methods(METHODS)
def unmerge(request: HttpRequest, public_id: str, finding_id: str) -> HttpResponse:
    """Let a merged finding stand for itself again, after one question."""
    account = current_account(request)
    try:
        place, finding = access_finding_of_bureau(public_id, finding_id, account)
    except SignInNeeded:
        return sign_in(request, request.get_full_path())
    if account is None:
        return sign_in(request, request.get_full_path())

    def act(form: ConfirmForm) -> HttpResponse:
        unmerge_finding(finding=finding, by=account)
        return HttpResponseRedirect(_item(request, public_id, finding_id))

    return form_page(
        request,
        "findings/unmerge.html",
        ConfirmForm,
        act=act,
        form_id="unmerge",
        context={
            **about(place.engagement),
            "finding": finding,
            "back": _item(request, public_id, finding_id),
        },
    )


def _item(request: HttpRequest, public_id: str, finding_id: str) -> str:
    return reverse("findings:item", args=[public_id, finding_id]) + "#item"


@never_cache
@require_safe
def export(request: HttpRequest, public_id: str, form: str) -> HttpResponseBase:
    """All findings the bureau reads, as a file; nothing says who reported them."""
    try:
        place = access_board(public_id, current_account(request))
    except SignInNeeded:
        return sign_in(request, request.path)
    if form not in TYPES:
        raise Absent
    head = {"id": place.engagement.public_id, "at": clock.now().isoformat()}
    content = write(form, head, exports.COLUMNS, exports.rows(_rows(place), language()))
    response = StreamingHttpResponse(content, content_type=TYPES[form])
    name = f"findings-{place.engagement.public_id}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
