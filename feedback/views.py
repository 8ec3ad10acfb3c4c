"""Pages of reports for officers: the live one, frozen versions, files, what is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_account, require_account
from accounts.models import Account, Bureau
from core import clock
from core.exceptions import Absent, Conflict
from core.form_pages import form_page
from core.texts import LANGUAGES, known_language
from feedback import access, files, reading
from feedback.actions import delivery as deliveries
from feedback.actions import snapshots
from feedback.collecting import live_document, shown_to
from feedback.files.as_pdf import PACKAGES, PdfUnavailable, library
from feedback.forms import AcknowledgeForm
from feedback.models import Making, MakingState, Reason, Snapshot
from feedback.policies import reading_for
from feedback.querysets import own_engagements
from participation.models import Engagement
from participation.policies import OK, Verdict, can_read_results, require
from participation.stages import stage
from participation.views.shared import sign_in

View = Callable[..., HttpResponseBase]

#: Rows of one table on a page; the files have all of them.
ROWS = 100
LISTED = 200
#: An officer's page asks how far it is; without scripts it reloads itself as often.
POLL_SECONDS = 2


def signed_in(view: View) -> View:
    """Lead nobody in particular to the sign-in page and back, whatever the address: it says
    nothing of what is there. Who is signed in and may not is answered 404 by the view."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if current_account(request) is None:
            return sign_in(request, request.path)
        return view(request, *args, **kwargs)

    return inner


@dataclass(frozen=True)
class Entered:
    """Whose report it is, who reads, and for which body: None for an administrator."""

    engagement: Engagement
    account: Account
    body: Bureau | None

    @property
    def for_owner(self) -> bool:
        return self.body is not None and self.body.pk == self.engagement.owner_id

    def verdict_on(self, snapshot: Snapshot) -> Verdict:
        """Whether this reader may have the whole of a frozen report now."""
        if not any(one.get("result") for one in snapshot.data["sections"]):
            return OK
        return can_read_results(
            engagement=self.engagement, for_owner=self.for_owner, now=clock.now()
        )

    def document(self, snapshot: Snapshot) -> dict[str, Any]:
        """A frozen report as this reader may see it now."""
        return shown_to(snapshot.data, self.engagement, now=clock.now(), for_owner=self.for_owner)


def _enter(request: HttpRequest, public_id: str) -> Entered:
    """Let in who may read this report."""
    account = require_account(request)
    engagement, body = access.access_own_report(public_id, account)
    return Entered(engagement, account, body)


def _note(entered: Entered, what: str) -> None:
    """Write down an administrator's reading, once it is sure that there is something to read."""
    if entered.body is None:
        deliveries.note_read(engagement=entered.engagement, by=entered.account, what=what)


def _language() -> str:
    return known_language(get_language())


@never_cache
@require_safe
@signed_in
def index(request: HttpRequest) -> HttpResponse:
    """Reports of the reader's own bodies, as owner or partner; Absent for who has none."""
    account = current_account(request)
    rows = own_engagements(account)
    if account is None or rows is None:
        raise Absent
    now = clock.now()
    found = list(rows[:LISTED])
    return render(
        request,
        "feedback/index.html",
        {"entries": [{"engagement": row, "stage": stage(row, now)} for row in found]},
    )


@never_cache
@require_safe
@signed_in
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """While open (and until it is frozen): as it is now. Then the version of the close."""
    entered = _enter(request, public_id)
    _note(entered, "live")
    engagement = entered.engagement
    versions = _versions(engagement)
    closing = next((one for one in versions if one.reason == Reason.CLOSE), None)
    if closing is not None:
        closing.engagement = engagement
        shown = _shown(entered, closing)
    else:
        document = live_document(engagement, now=clock.now(), for_owner=entered.for_owner)
        shown = reading.view(document, _language(), rows=ROWS)
    return _page(request, entered, shown=shown, snapshot=closing, versions=versions)


def _shown(entered: Entered, snapshot: Snapshot) -> reading.ReportView:
    return reading.view(entered.document(snapshot), _language(), sha256=snapshot.sha256, rows=ROWS)


@never_cache
@require_safe
@signed_in
def frozen(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """One frozen version."""
    entered = _enter(request, public_id)
    engagement = entered.engagement
    snapshot = access.access_snapshot(engagement, version)
    _note(entered, f"v{version}")
    shown = _shown(entered, snapshot)
    return _page(request, entered, shown=shown, snapshot=snapshot, versions=_versions(engagement))


def _versions(engagement: Engagement) -> list[Snapshot]:
    """All frozen versions, the newest first, without their documents."""
    return list(
        Snapshot.objects.filter(engagement=engagement).defer("document").order_by("-version")
    )


def _page(
    request: HttpRequest,
    entered: Entered,
    *,
    shown: reading.ReportView,
    snapshot: Snapshot | None,
    versions: list[Snapshot],
) -> HttpResponse:
    engagement = entered.engagement
    language = _language()
    held = snapshot is not None and not entered.verdict_on(snapshot).allowed
    sent = access.delivery_of(engagement) if snapshot is not None else None
    return render(
        request,
        "feedback/report.html",
        {
            **_about(engagement),
            "report": shown,
            "snapshot": snapshot,
            "versions": versions,
            "files": {} if held else _files(snapshot, language),
            "held": held,
            "formats": _format_names(),
            "can_acknowledge": entered.body is not None,
            "delivery": sent,
            "received": getattr(sent, "received", None) if sent else None,
            "being_made": _being_made(engagement, entered.account),
            "packages": PACKAGES,
            "has_pdf": _has_pdf(),
        },
    )


def _about(engagement: Engagement) -> dict[str, Any]:
    now = clock.now()
    return {"engagement": engagement, "stage": stage(engagement, now), "now": now}


def _files(snapshot: Snapshot | None, language: str) -> dict[str, list[Any]]:
    """The files that are there: in the reader's language first, then the others."""
    if snapshot is None:
        return {}
    order = list(_format_names())
    found = sorted(snapshot.files.all(), key=lambda row: order.index(row.format))
    by_language = {
        code: [row for row in found if row.language == code]
        for code in (language, *(code for code in LANGUAGES if code != language))
    }
    return {code: rows for code, rows in by_language.items() if rows}


def _format_names() -> dict[str, str]:
    return {
        "pdf": _("PDF, to read and print"),
        "xlsx": _("XLSX, for a spreadsheet"),
        "csv": _("CSV, one file a table (zip)"),
        "json": _("JSON, for programs"),
    }


def _has_pdf() -> bool:
    try:
        library()
    except PdfUnavailable:
        return False
    return True


def _being_made(engagement: Engagement, account: Account) -> Making | None:
    return (
        Making.objects.filter(
            engagement=engagement,
            asked_by=account,
            state__in=[MakingState.WAITING, MakingState.RUNNING],
        )
        .order_by("-asked_at")
        .first()
    )


@never_cache
@require_POST
@signed_in
def make(request: HttpRequest, public_id: str) -> HttpResponse:
    """Freeze a new version and make its files in the reader's language."""
    entered = _enter(request, public_id)
    _note(entered, "make")
    return _ask(entered, None)


@never_cache
@require_POST
@signed_in
def make_files(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """Make the files of a frozen version in the reader's language."""
    entered = _enter(request, public_id)
    snapshot = access.access_snapshot(entered.engagement, version)
    _note(entered, f"make v{version}")
    return _ask(entered, snapshot)


def _ask(entered: Entered, snapshot: Snapshot | None) -> HttpResponseRedirect:
    try:
        asked = snapshots.ask_report(
            engagement=entered.engagement,
            by=entered.account,
            language=_language(),
            snapshot=snapshot,
        )
        number = asked.public_id
    except Conflict as running:
        # Pressed twice: lead to the one that is being made.
        number = running.data["making"]
    return redirect("feedback:making", entered.engagement.public_id, number)


@never_cache
@require_safe
@signed_in
def making(request: HttpRequest, public_id: str, making_id: str) -> HttpResponse:
    """How far it is; the part alone for htmx. Once it is done, the version."""
    engagement = _enter(request, public_id).engagement
    row = access.access_making(engagement, making_id)
    context = {**_about(engagement), "making": row, "poll": POLL_SECONDS}
    partial = bool(getattr(request, "htmx", False))
    if row.state == MakingState.DONE and row.snapshot is not None and not partial:
        return redirect("feedback:frozen", public_id, row.snapshot.version)
    template = "feedback/parts/progress.html" if partial else "feedback/making.html"
    return render(request, template, context)


@never_cache
@require_safe
@signed_in
def download(
    request: HttpRequest, public_id: str, version: int, language: str, name: str
) -> StreamingHttpResponse:
    """One file, as an attachment, in pieces. Raises Closed where it holds what is sealed for
    this reader."""
    entered = _enter(request, public_id)
    snapshot = access.access_snapshot(entered.engagement, version)
    file = access.access_file(snapshot, language, name)
    require(entered.verdict_on(snapshot))
    _note(entered, f"v{version}.{name}")

    def pieces() -> Iterator[bytes]:
        for number in range(1, file.pieces.count() + 1):
            yield bytes(file.pieces.values_list("content", flat=True).get(number=number))

    response = StreamingHttpResponse(pieces(), content_type=files.TYPES[name])
    response.headers["Content-Length"] = str(file.size)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="{files.name_of(snapshot, language, name)}"'
    )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def acknowledge(request: HttpRequest, public_id: str) -> HttpResponse:
    """Receive the report by name. The second one sees who did."""
    account = require_account(request)
    engagement = access.access_report(public_id, account)
    sent = access.delivery_of(engagement)
    if sent is None or reading_for(account, engagement) is None:
        raise Absent

    def act(form: AcknowledgeForm) -> HttpResponse:
        deliveries.acknowledge(delivery=sent, name=form.cleaned_data["name"], by=account)
        messages.success(request, _("Acknowledged. The public page says that it was received."))
        return redirect("feedback:report", public_id)

    return form_page(
        request,
        "feedback/acknowledge.html",
        AcknowledgeForm,
        act=act,
        context={
            **_about(engagement),
            "delivery": sent,
            "received": getattr(sent, "received", None),
        },
        form_id="acknowledge",
        initial={"name": account.display_name},
    )
