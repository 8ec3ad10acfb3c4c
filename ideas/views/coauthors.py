"""Who writes an idea: the page of its authors, invitations, and how a seat ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_account, current_person
from accounts.views.common import private_page, sign_in_address
from core import clock
from core.exceptions import SignInNeeded
from core.form_pages import form_page
from ideas.access import access_coauthor, access_coauthor_invitation, access_written_idea
from ideas.actions.coauthors import (
    INVITATION_LIFE,
    MOST,
    accept_coauthor,
    end_coauthor,
    invite_coauthor,
)
from ideas.actions.ideas import newest
from ideas.asked import lines_of
from ideas.forms.coauthors import AcceptForm, InviteForm
from ideas.forms.ideas import ConfirmForm
from ideas.models import CoAuthor, Idea
from ideas.policies import can_invite_coauthors
from ideas.standing import standing
from participation.actions.comments import needs_name
from participation.policies import can, can_edit_contribution
from participation.views.shared import about, language, sign_in

METHODS = ["GET", "HEAD", "POST"]


def _team(idea: Idea) -> str:
    return reverse("ideas:coauthors", args=[idea.contribution.public_id])


@private_page
@require_http_methods(METHODS)
def coauthors(request: HttpRequest, public_id: str) -> HttpResponse:
    """The authors of an idea, for themselves: where it stands, and the author invites."""
    person, account = current_person(request), current_account(request)
    if person is None or account is None:
        return sign_in(request, request.path)
    idea = access_written_idea(public_id, person)
    now = clock.now()
    contribution = idea.contribution
    mine = contribution.person_id == person.pk
    last = newest(idea)

    def act(form: InviteForm) -> HttpResponse:
        invite_coauthor(
            idea=idea,
            email=form.cleaned_data["email"],
            person=person,
            account=account,
            language=language(),
        )
        messages.success(request, _("The invitation is on its way."))
        return HttpResponseRedirect(_team(idea))

    rows = CoAuthor.objects.filter(idea=idea)
    seated = list(rows.seated().select_related("account"))
    waiting = list(rows.waiting(now)) if mine else []
    verdict = can_invite_coauthors(idea, person, now)
    return form_page(
        request,
        "ideas/coauthors/team.html",
        InviteForm,
        act=act,
        form_id="invite",
        context={
            **about(idea.engagement),
            **standing(idea),
            "idea": idea,
            "contribution": contribution,
            "newest": last,
            "answers": lines_of(
                last,
                idea.engagement,
                language=language(),
                written_in=contribution.language,
                private=True,
            ),
            "mine": mine,
            "own_seat": next((one for one in seated if one.person_id == person.pk), None),
            "seated": seated,
            "waiting": waiting,
            "invites": verdict.allowed and len(seated) + len(waiting) < MOST,
            "removes": verdict.allowed,
            "can_change": can_edit_contribution(
                contribution=contribution, person=person, now=now
            ).allowed,
            "days": INVITATION_LIFE.days,
            "most": MOST,
        },
    )


@private_page
@require_http_methods(METHODS)
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What one is invited to; accepted by a button, signed in with the invited address.

    Whoever else holds the link reads which contest and who invites, nothing of the idea.
    """
    seat = access_coauthor_invitation(token)
    idea, account = seat.idea, current_account(request)
    if request.method == "POST" and account is None:
        return sign_in(request, request.path)
    idea.contribution.engagement = idea.engagement
    fits = account is not None and account.email_canonical == seat.email_canonical
    verdict = can(
        "submit",
        engagement=idea.engagement,
        person=account.person if account else None,
        now=clock.now(),
    )

    def act(form: AcceptForm) -> HttpResponse:
        if account is None:
            raise SignInNeeded
        accept_coauthor(
            seat=seat, account=account, display_name=form.cleaned_data.get("display_name", "")
        )
        messages.success(request, _("You are a co-author now."))
        return HttpResponseRedirect(_team(idea))

    return form_page(
        request,
        "ideas/coauthors/invitation.html",
        AcceptForm,
        act=act,
        form_id="accept",
        ask_name=fits and needs_name(account),
        context={
            **about(idea.engagement),
            "seat": seat,
            "contribution": idea.contribution,
            "newest": newest(idea) if fits else None,
            "by": idea.contribution.public_name,
            "account": account,
            "fits": fits,
            "verdict": verdict,
            "sign_in": sign_in_address(request.path),
        },
    )


@private_page
@require_http_methods(METHODS)
def end(request: HttpRequest, public_id: str, coauthor_id: str) -> HttpResponse:
    """Leave, remove or take an invitation back, after one question."""
    person, account = current_person(request), current_account(request)
    if person is None or account is None:
        return sign_in(request, request.path)
    idea = access_written_idea(public_id, person)
    seat = access_coauthor(idea, coauthor_id, person)
    leaves = seat.person_id == person.pk

    def act(form: ConfirmForm) -> HttpResponse:
        end_coauthor(seat=seat, person=person, account=account)
        if leaves:
            return HttpResponseRedirect(f"/{language()}/account/#my-ideas")
        return HttpResponseRedirect(_team(idea))

    return form_page(
        request,
        "ideas/coauthors/end.html",
        ConfirmForm,
        act=act,
        form_id="end",
        context={
            **about(idea.engagement),
            "idea": idea,
            "contribution": idea.contribution,
            "seat": seat,
            "leaves": leaves,
            "back": _team(idea),
        },
    )
