"""Pages of reports for officers: the live one, frozen versions, files, what is being made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from accounts.models import Account
from core import clock
from core.exceptions import Absent, Conflict
from core.form_pages import form_page
from core.texts import LANGUAGES, known_language
from feedback import access, files, reading
from feedback.actions import delivery as deliveries
from feedback.actions import snapshots
from feedback.collecting import live_document
from feedback.files.as_pdf import PACKAGES, PdfUnavailable, library
from feedback.forms import AcknowledgeForm
from feedback.models import Making, MakingState, Reason, Snapshot
from feedback.policies import reading_for
from feedback.querysets import own_engagements
from participation.models import Engagement
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


Entered = tuple[Engagement, Account, bool]


def _enter(request: HttpRequest, public_id: str) -> Entered:
    """Whose report it is, who reads, and whether for the bureau itself."""
    account = require_account(request)
    engagement, own = access.access_own_report(public_id, account)
    return engagement, account, own


def _note(entered: Entered, what: str) -> None:
    """Write down an administrator's reading, once it is sure that there is something to read."""
    engagement, account, own = entered
    if not own:
        deliveries.note_read(engagement=engagement, by=account, what=what)


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
    engagement = entered[0]
    versions = _versions(engagement)
    closing = next((one for one in versions if one.reason == Reason.CLOSE), None)
    if closing is not None:
        closing.engagement = engagement
        shown = reading.of(closing, _language(), rows=ROWS)
    else:
        document = live_document(engagement, now=clock.now())
        shown = reading.view(document, _language(), rows=ROWS)
    return _page(request, entered, shown=shown, snapshot=closing, versions=versions)


@never_cache
@require_safe
@signed_in
def frozen(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """One frozen version."""
    entered = _enter(request, public_id)
    snapshot = access.access_snapshot(entered[0], version)
    _note(entered, f"v{version}")
    shown = reading.of(snapshot, _language(), rows=ROWS)
    return _page(request, entered, shown=shown, snapshot=snapshot, versions=_versions(entered[0]))


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
    engagement, account, own = entered
    language = _language()
    sent = access.delivery_of(engagement) if snapshot is not None else None
    return render(
        request,
        "feedback/report.html",
        {
            **_about(engagement),
            "report": shown,
            "snapshot": snapshot,
            "versions": versions,
            "files": _files(snapshot, language),
            "formats": _format_names(),
            "can_acknowledge": own,
            "delivery": sent,
            "received": getattr(sent, "received", None) if sent else None,
            "being_made": _being_made(engagement, account),
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
    return _ask(entered[0], entered[1], None)


@never_cache
@require_POST
@signed_in
def make_files(request: HttpRequest, public_id: str, version: int) -> HttpResponse:
    """Make the files of a frozen version in the reader's language."""
    entered = _enter(request, public_id)
    snapshot = access.access_snapshot(entered[0], version)
    _note(entered, f"make v{version}")
    return _ask(entered[0], entered[1], snapshot)


def _ask(
    engagement: Engagement, account: Account, snapshot: Snapshot | None
) -> HttpResponseRedirect:
    try:
        asked = snapshots.ask_report(
            engagement=engagement, by=account, language=_language(), snapshot=snapshot
        )
        number = asked.public_id
    except Conflict as running:
        # Pressed twice: lead to the one that is being made.
        number = running.data["making"]
    return redirect("feedback:making", engagement.public_id, number)


@never_cache
@require_safe
@signed_in
def making(request: HttpRequest, public_id: str, making_id: str) -> HttpResponse:
    """How far it is; the part alone for htmx. Once it is done, the version."""
    entered = _enter(request, public_id)
    engagement = entered[0]
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
    """One file, as an attachment, in pieces."""
    entered = _enter(request, public_id)
    snapshot = access.access_snapshot(entered[0], version)
    file = access.access_file(snapshot, language, name)
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
