"""Reporting a finding: from a step of a try, without an account, or from a product's page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_account, current_person
from core import clock, limits
from core.texts import pick
from crowdtasks.findings.access import Place, access_place
from crowdtasks.findings.actions.reporting import KIND, report_finding
from crowdtasks.findings.device import device_of
from crowdtasks.findings.forms.report import FindingForm
from crowdtasks.findings.policies import can_report
from crowdtasks.products import audience
from crowdtasks.products.access import steps_of
from crowdtasks.products.actions.trying import attempt_of
from crowdtasks.products.models import Attempt, Build, Step
from participation.views.files import close_tray, files_page, open_tray
from participation.views.shared import about, cannot, language, sign_in
from questionnaires import visit
from questionnaires.views.shared import enter

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def report(request: HttpRequest, public_id: str) -> HttpResponse:
    """What happened, how bad, where; a picture of the screen with parts of it hidden."""
    place = access_place(public_id)
    engagement, person = place.engagement, current_person(request)
    verdict = can_report(engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and verdict.would_help:
        return sign_in(request, request.get_full_path())
    if request.method != "POST" and not verdict.allowed:
        return cannot(request, engagement, verdict)
    refusal = audience.refusal_of(place.round, person) if place.round else None
    if request.method != "POST" and refusal is not None:
        if person is None:
            # Who was invited is known by signing in.
            return sign_in(request, request.get_full_path())
        raise refusal
    steps = steps_of(place.round) if place.round else []
    builds = [] if place.round else list(Build.objects.standing().filter(product=place.product))
    key = f"finding:{engagement.public_id}"
    tray = open_tray(request, key)

    def act(form: FindingForm) -> HttpResponse:
        typed = form.cleaned_data
        number = _number(typed.get("step", ""), len(steps))
        receipt = report_finding(
            round=place.round,
            product=None if place.round else place.product,
            happened=typed["happened"],
            expected=typed["expected"],
            severity=typed["severity"],
            device=typed["device"],
            build=next((one for one in builds if one.public_id == typed.get("build")), None),
            step=number or None,
            attempt=_attempt(request, place),
            person=person,
            account=current_account(request),
            publish_choice=typed["publish_choice"],
            language=language(),
            tray=tray,
            idempotency_key=typed["key"],
            source=limits.address(request),
        )
        # The next finding begins with no pictures.
        close_tray(request, key)
        visit.note_sent(request, receipt.code)
        return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))

    at = _number(request.GET.get("step", ""), len(steps))
    return files_page(
        request,
        "findings/report.html",
        FindingForm,
        act=act,
        tray=tray,
        engagement=engagement,
        kind=KIND,
        form_id="finding",
        steps=[(str(number), _titled(number, step)) for number, step in enumerate(steps, start=1)],
        builds=[(build.public_id, build.version) for build in builds],
        initial={
            "step": str(at or ""),
            "build": builds[0].public_id if builds else "",
            "device": device_of(request.headers.get("User-Agent", "")),
        },
        context={
            **about(engagement),
            "place": place,
            "back": reverse("products:try_step", args=[engagement.public_id, at]) if at else "",
        },
    )


def _number(asked: str, most: int) -> int:
    """The number of the step it was opened at, 0 for none."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 0
    return number if number <= most else 0


def _titled(number: int, step: Step) -> str:
    return f"{number}. {pick(step.title, language()).text}"


def _attempt(request: HttpRequest, place: Place) -> Attempt | None:
    """The try this visit has begun: who hands it in has reported what was found on the way."""
    if place.round is None:
        return None
    here = enter(request, place.engagement.public_id)
    return attempt_of(here.draft)
