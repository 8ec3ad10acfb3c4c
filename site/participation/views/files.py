"""Files of citizens: forms that take them, the pages of an entry's files, and the bytes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from core import clock, limits
from core.exceptions import Absent, DomainError, SignInNeeded
from core.file_fields import ADD, HIDE, PARTS, REMOVE, WORDS, FilesField
from core.form_pages import SWITCH, form_page
from core.ids import receipt_code
from participation.access import (
    access_attachment,
    access_held_file,
    access_own_contribution,
    access_own_file,
)
from participation.actions.attachment_hiding import hide_parts
from participation.actions.attachments import (
    add_file,
    change_files,
    describe_files,
    remove_file,
    tray_files,
)
from participation.attachments import store
from participation.attachments.examining import FIELD, Busy
from participation.attachments.holders import holder_of
from participation.attachments.names import said_name
from participation.attachments.shown import kept_file
from participation.models import Attachment, Contribution, Engagement
from participation.policies import can_change_files
from participation.views.shared import about, cannot, sign_in

logger = logging.getLogger(__name__)

_TRAYS, _PAST = "file_trays", "file_trays_past"
_MOST_TRAYS = 20
#: Nothing in a file may run, load or be framed, whatever a browser makes of it.
FILE_POLICY = ("default-src 'none'; sandbox; base-uri 'none'; frame-ancestors 'none'", "DENY")
#: A public picture may be kept by browsers and proxies this long after it was withheld.
PUBLIC_SECONDS = 60


def open_tray(request: HttpRequest, key: str, *, token: str = "") -> str:
    """The token of the tray of one of the visit's forms, named by ``key``.

    A tray is made with the first POST; before that it is "" and nothing is written. ``token`` names
    the tray of a draft that has been found again, which this visit may then see.
    """
    trays: dict[str, str] = dict(request.session.get(_TRAYS, {}))
    if not token and request.method == "POST" and key not in trays:
        token = receipt_code()
    if token and trays.get(key) != token:
        trays.pop(key, None)
        trays[key] = token
        request.session[_TRAYS] = dict(list(trays.items())[-_MOST_TRAYS:])
    return trays.get(key, "")


def close_tray(request: HttpRequest, key: str) -> None:
    """Let the next form of this key begin with an empty tray; what is held stays readable here.

    For what is held until somebody has signed in: call it once the act keeps the token itself.
    """
    trays: dict[str, str] = dict(request.session.get(_TRAYS, {}))
    token = trays.pop(key, "")
    if token:
        request.session[_TRAYS] = trays
        past = [*request.session.get(_PAST, []), token]
        request.session[_PAST] = past[-_MOST_TRAYS:]


def _trays_of(request: HttpRequest) -> list[str]:
    return [*request.session.get(_TRAYS, {}).values(), *request.session.get(_PAST, [])]


@dataclass
class _Intake:
    """What became of the files of one request."""

    faults: list[str | Promise] = field(default_factory=list)
    status: int = 0
    retry_after: int = 0
    pressed: bool = False
    undescribed: bool = False

    def refuse(self, error: DomainError, name: str = "") -> None:
        self.faults.append(f"{name}: {error}" if name else str(error))
        self.status = self.status or error.status
        self.retry_after = self.retry_after or getattr(error, "retry_after", 0)


def files_page(
    request: HttpRequest,
    template: str,
    form_class: Callable[..., forms.BaseForm],
    *,
    act: Callable[[Any], HttpResponse],
    tray: str,
    engagement: Engagement,
    kind: str,
    contribution: Contribution | None = None,
    **options: Any,
) -> HttpResponse:
    """``core.form_pages.form_page`` for a form with a ``FilesField`` named ``files``.

    Whatever button was pressed and whatever else is wrong, files that came are kept on the tray
    first. Who submits a picture without words for it is asked once; the second time it is sent as
    it is. ``act`` hands ``tray`` to its action, which calls ``attach_tray``. ``kind`` and
    ``contribution`` as in ``add_file``. Where no files are wanted the field is left out.
    """
    holder = holder_of(kind, engagement)
    intake = _Intake()
    if request.method == "POST" and holder is not None:
        intake = _take_in(request, tray, engagement, kind, contribution)
    submitted = request.method == "POST" and not intake.pressed and SWITCH not in request.POST
    if submitted and intake.undescribed and not intake.faults:
        intake.faults.append(
            _("Your picture was added. Say what it shows, or send the form as it is.")
        )

    def build(*args: Any, **how: Any) -> forms.BaseForm:
        form = form_class(*args, **how)
        shown = form.fields.get(FIELD)
        if holder is None:
            form.fields.pop(FIELD, None)
        elif isinstance(shown, FilesField):
            rows = [*_own_files(contribution), *tray_files(tray=tray)]
            shown.show(map(kept_file, rows), most=holder.most, faults=intake.faults)
        return form

    response = form_page(
        request, template, build, act=act, part=FIELD if intake.pressed else "", **options
    )
    if intake.status and response.status_code == 422:
        response.status_code = intake.status
        if intake.retry_after:
            response.headers["Retry-After"] = str(intake.retry_after)
    return response


def _own_files(contribution: Contribution | None) -> list[Attachment]:
    if contribution is None:
        return []
    return list(
        Attachment.objects.live().filter(contribution=contribution).select_related("contribution")
    )


def _take_in(
    request: HttpRequest,
    tray: str,
    engagement: Engagement,
    kind: str,
    contribution: Contribution | None,
) -> _Intake:
    """Keep what came, before anything else of the form is judged."""
    person, account = current_person(request), current_account(request)
    source = limits.address(request)
    intake = _Intake(pressed=any(name in request.POST for name in (ADD, REMOVE, HIDE)))
    words = {
        name.removeprefix(WORDS): str(value)
        for name, value in request.POST.items()
        if name.startswith(WORDS)
    }
    try:
        if words:
            describe_files(tray=tray, words=words, source=source)
        if unwanted := request.POST.get(REMOVE):
            row = _unwanted(unwanted, tray, contribution)
            if row is not None:
                remove_file(attachment=row, person=person, account=account, source=source)
        for name in [name for name in request.POST if name.startswith(PARTS)]:
            _hide(request, name, tray, source)
    except DomainError as error:
        intake.refuse(error)
    for upload in request.FILES.getlist(FIELD):
        try:
            row = add_file(
                upload=upload,
                tray=tray,
                engagement=engagement,
                kind=kind,
                person=person,
                account=account,
                source=source,
                contribution=contribution,
            )
        except DomainError as error:
            intake.refuse(error, said_name(upload.name))
        else:
            intake.undescribed |= row.is_picture and not row.alt
    return intake


def _hide(request: HttpRequest, name: str, tray: str, source: str) -> None:
    """Hide the parts that were marked of one picture on the tray; one that is gone is passed over.

    Whichever button was pressed: who has marked a part wants nobody to see it.
    """
    try:
        row = access_held_file(name.removeprefix(PARTS), tray=tray)
    except Absent:
        return
    hide_parts(attachment=row, parts=request.POST.getlist(name), source=source)


def _unwanted(public_id: str, tray: str, contribution: Contribution | None) -> Attachment | None:
    """The file to take away, if it is still there and this form's."""
    try:
        return access_held_file(public_id, tray=tray)
    except Absent:
        if contribution is None:
            return None
    try:
        return access_own_file(public_id, contribution=contribution)
    except Absent:
        return None


class EntryFilesForm(forms.Form):
    """The files of an entry that was received already."""

    files = FilesField(required=False)  # type: ignore[assignment]

    def __init__(self, *args: Any, **how: Any) -> None:
        super().__init__(*args, **how)
        self.fields[FIELD].label = _("Pictures and documents")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_files(request: HttpRequest, public_id: str) -> HttpResponse:
    """Add files to an own entry and take them away, as long as it may be changed."""
    person = current_person(request)
    try:
        contribution = access_own_contribution(public_id, person)
    except SignInNeeded:
        return sign_in(request, request.path)
    engagement = contribution.engagement
    holder = holder_of(contribution.kind, engagement)
    if holder is None:
        raise Absent
    back = reverse("participation:receipt", args=[contribution.receipt.code])
    verdict = can_change_files(
        contribution=contribution, person=person, now=clock.now(), verb=holder.verb
    )
    if request.method != "POST" and not verdict.allowed:
        return cannot(request, engagement, verdict, back=back)
    tray = open_tray(request, f"entry:{contribution.public_id}")

    def act(form: EntryFilesForm) -> HttpResponse:
        change_files(
            contribution=contribution, tray=tray, person=person, account=current_account(request)
        )
        return HttpResponseRedirect(back)

    return files_page(
        request,
        "participation/files.html",
        EntryFilesForm,
        act=act,
        tray=tray,
        engagement=engagement,
        kind=contribution.kind,
        contribution=contribution,
        form_id="entry-files",
        context={
            **about(engagement),
            "contribution": contribution,
            "waits": engagement.moderation_policy == "before" and contribution.state == "published",
            "back": back,
        },
    )


@require_safe
def attachment(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The file itself, to be saved; never shown by the browser as a page."""
    row, _public = _find(request, public_id)
    return _answer(row, row.media_type, as_attachment=True, filename=row.name)


@require_safe
def picture(request: HttpRequest, public_id: str) -> HttpResponseBase:
    """The small picture that we made ourselves, for pages."""
    row, public = _find(request, public_id)
    if not row.is_picture:
        raise Absent
    response = _answer(row, "image/webp", small=True)
    if public:
        del response.headers["Cache-Control"], response.headers["Expires"]
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
    return response


def _find(request: HttpRequest, public_id: str) -> tuple[Attachment, bool]:
    """The file, and whether everybody may have it: then nothing of the reader was asked."""
    try:
        return access_attachment(public_id, account=None, person=None), True
    except Absent:
        row = access_attachment(
            public_id,
            account=current_account(request),
            person=current_person(request),
            trays=_trays_of(request),
        )
        return row, False


def _answer(
    row: Attachment, media_type: str, *, small: bool = False, **how: Any
) -> HttpResponseBase:
    try:
        file = store.opened(row.stored, small=small)
    except FileNotFoundError:
        logger.error("The bytes of an attachment are gone.")
        raise Absent from None
    except OSError:
        logger.exception("The bytes of an attachment cannot be read.")
        raise Busy from None
    response = FileResponse(file, content_type=media_type, **how)
    # Conditions and ranges are not looked at: an answer depends on who asks, and on nothing else.
    add_never_cache_headers(response)
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.security_policy = FILE_POLICY  # type: ignore[attr-defined]
    return response
