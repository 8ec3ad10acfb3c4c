"""An officer writes down what went wrong for somebody who tried it, in a session or elsewhere."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_account
from core.exceptions import SignInNeeded
from core.form_pages import form_page
from core.texts import pick
from crowdtasks.findings.access import access_board
from crowdtasks.findings.actions.reporting import report_finding
from crowdtasks.findings.forms.report import ObservedForm
from crowdtasks.products.access import steps_of
from crowdtasks.products.models import Build
from participation.models import Channel
from participation.views.shared import about, language, sign_in


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def observe(request: HttpRequest, public_id: str) -> HttpResponse:
    """The same words as anybody's, for the bureau alone; open or closed, then the next one."""
    account = current_account(request)
    try:
        place = access_board(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    steps = steps_of(place.round) if place.round else []
    builds = [] if place.round else list(Build.objects.standing().filter(product=place.product))

    def act(form: ObservedForm) -> HttpResponse:
        typed = form.cleaned_data
        number = int(typed.get("step") or 0)
        report_finding(
            round=place.round,
            product=None if place.round else place.product,
            happened=typed["happened"],
            expected=typed["expected"],
            severity=typed["severity"],
            device=typed["device"],
            build=next((one for one in builds if one.public_id == typed.get("build")), None),
            step=number or None,
            observer=account,
            language=language(),
            channel=Channel.EVENT,
            idempotency_key=typed["key"],
        )
        return HttpResponseRedirect(reverse("findings:board", args=[public_id]))

    return form_page(
        request,
        "findings/observe.html",
        ObservedForm,
        act=act,
        form_id="finding",
        steps=[
            (str(number), f"{number}. {pick(step.title, language()).text}")
            for number, step in enumerate(steps, start=1)
        ],
        builds=[(build.public_id, build.version) for build in builds],
        context={
            **about(place.engagement),
            "back": reverse("findings:board", args=[public_id]),
        },
    )
