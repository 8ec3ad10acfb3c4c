"""What officers of a contest's bureaux do with ideas: screen, merge, say how far each has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account
from accounts.models import Account
from core import clock
from core.exceptions import Absent, Invalid, SignInNeeded
from core.form_pages import form_page
from ideas.access import access_contest_of_bureau, access_idea_of_bureau
from ideas.actions.merging import merge_ideas, unmerge_idea
from ideas.actions.replies import reply_to_idea
from ideas.actions.screening import screen_idea
from ideas.actions.status import change_status
from ideas.asked import lines_of
from ideas.forms.office import ConfirmForm, MergeForm, ReplyForm, ScreenForm, StatusForm
from ideas.models import Idea
from ideas.policies import SCREENING, can_merge, can_screen, phase_of
from ideas.reading import card
from ideas.screening_list import look_up
from ideas.similar import similar_ideas
from ideas.standing import screening_of, timeline
from participation.attachments.shown import files_of
from participation.models import Engagement
from participation.policies import Verdict
from participation.views.shared import about, cannot, language, sign_in

METHODS = ["GET", "HEAD", "POST"]
IdeaView = Callable[[HttpRequest, Account, Idea], HttpResponse]
Rule = Callable[[Account, Engagement, dt.datetime], Verdict]


@never_cache
@require_safe
def screening(request: HttpRequest, public_id: str) -> HttpResponse:
    """The contest's ideas by what screening made of them. Other bureaux find nothing here."""
    account = current_account(request)
    try:
        engagement = access_contest_of_bureau(public_id, account)
    except SignInNeeded:
        return sign_in(request, request.path)
    now = clock.now()
    context = {
        **about(engagement),
        "listing": look_up(engagement, request.GET),
        "verdict": can_screen(account, engagement, now),
        "may_merge": can_merge(account, engagement, now).allowed,
    }
    return render(request, "ideas/office/screening.html", context)


def _context(idea: Idea, heading: str) -> dict[str, Any]:
    entry = idea.contribution
    return {
        **about(idea.engagement),
        "heading": heading,
        "idea": idea,
        "contribution": entry,
        "card": card(idea),
        # For officers, so those too that are never published.
        "answers": lines_of(
            idea,
            idea.engagement,
            language=language(),
            written_in=entry.language,
            private=True,
        ),
        "files": files_of([entry]).get(entry.pk, []),
        "back": _list_path(idea),
    }


def _list_path(idea: Idea) -> str:
    return reverse("ideas:screening", args=[idea.engagement.public_id])


def _of_an_idea(rule: Rule | None = None) -> Callable[[IdeaView], Callable[..., HttpResponse]]:
    """A view of one idea for the officers of its contest's bureaux; others find nothing here.

    Nobody is led to sign in. What ``rule`` does not allow is said on the way in: what was typed
    meanwhile is judged by the action.
    """

    def wrap(view: IdeaView) -> Callable[..., HttpResponse]:
        @never_cache
        @require_http_methods(METHODS)
        @wraps(view)
        def found(request: HttpRequest, public_id: str) -> HttpResponse:
            account = current_account(request)
            try:
                idea = access_idea_of_bureau(public_id, account)
            except SignInNeeded:
                return sign_in(request, request.path)
            if account is None:
                return sign_in(request, request.path)
            if rule is not None and request.method != "POST":
                verdict = rule(account, idea.engagement, clock.now())
                if not verdict.allowed:
                    phase = phase_of(idea.engagement, SCREENING) if rule is can_screen else None
                    return cannot(
                        request,
                        idea.engagement,
                        verdict,
                        phases=[phase] if phase else [],
                        back=_list_path(idea),
                    )
            return view(request, account, idea)

        return found

    return wrap


@_of_an_idea(can_screen)
def screen(request: HttpRequest, account: Account, idea: Idea) -> HttpResponse:
    """The idea as everybody reads it, and the decision with its reason."""

    def act(form: ScreenForm) -> HttpResponse:
        typed = form.cleaned_data
        screen_idea(
            idea=idea,
            verdict=typed["verdict"],
            by=account,
            reason=typed["reason"],
            sentence=typed["sentence"],
            language=language(),
            until=typed["until"],
            version=typed["version"],
        )
        return HttpResponseRedirect(_list_path(idea))

    return form_page(
        request,
        "ideas/office/screen.html",
        ScreenForm,
        act=act,
        form_id="screen",
        initial={"version": idea.number},
        context={
            **_context(idea, _("Read and decide")),
            "screening": screening_of(idea),
            "similar": similar_ideas(idea.engagement, idea.title, idea.text, but=idea),
        },
    )


@_of_an_idea(can_merge)
def merge(request: HttpRequest, account: Account, idea: Idea) -> HttpResponse:
    """Choose which idea leads this one."""

    def act(form: MergeForm) -> HttpResponse:
        merge_ideas(idea=idea, into=_lead(form, account), by=account)
        return HttpResponseRedirect(_list_path(idea))

    return form_page(
        request,
        "ideas/office/merge.html",
        MergeForm,
        act=act,
        form_id="merge",
        like=similar_ideas(idea.engagement, idea.title, idea.text, but=idea),
        context=_context(idea, _("Put together with another")),
    )


def _lead(form: MergeForm, account: Account) -> Idea:
    """The idea the form names. Raises Invalid: none is named, or none that this officer finds."""
    field = "into" if "into" in form.fields else "address"
    if not (asked := form.lead_id()):
        raise Invalid(_("Choose which idea leads."), field=field)
    try:
        return access_idea_of_bureau(asked, account)
    except Absent:
        raise Invalid(_("There is no such idea."), field="address") from None


@_of_an_idea(can_merge)
def unmerge(request: HttpRequest, account: Account, idea: Idea) -> HttpResponse:
    """Let a merged idea stand for itself again, after one question."""

    def act(form: ConfirmForm) -> HttpResponse:
        unmerge_idea(idea=idea, by=account)
        return HttpResponseRedirect(_list_path(idea))

    return form_page(
        request,
        "ideas/office/unmerge.html",
        ConfirmForm,
        act=act,
        form_id="unmerge",
        context=_context(idea, _("Take apart?")),
    )


@_of_an_idea()
def status(request: HttpRequest, account: Account, idea: Idea) -> HttpResponse:
    """Take an idea a step on, with a reason that everybody reads."""

    def act(form: StatusForm) -> HttpResponse:
        typed = form.cleaned_data
        change_status(
            idea=idea,
            status=typed["status"],
            sentence=typed["sentence"],
            language=language(),
            by=account,
            known=typed["known"],
        )
        return HttpResponseRedirect(reverse("ideas:idea", args=[idea.contribution.public_id]))

    return form_page(
        request,
        "ideas/office/status.html",
        StatusForm,
        act=act,
        form_id="status",
        initial={"known": idea.status, "status": idea.status},
        context={**_context(idea, _("Change its status")), "steps": timeline(idea)},
    )


@_of_an_idea()
def reply(request: HttpRequest, account: Account, idea: Idea) -> HttpResponse:
    """Reply to an idea in the bureau's name."""

    def act(form: ReplyForm) -> HttpResponse:
        reply_to_idea(idea=idea, text=form.cleaned_data["text"], language=language(), by=account)
        return HttpResponseRedirect(reverse("ideas:idea", args=[idea.contribution.public_id]))

    return form_page(
        request,
        "ideas/office/reply.html",
        ReplyForm,
        act=act,
        form_id="reply",
        context={
            **_context(idea, _("Reply for the bureau")),
            "replies": idea.replies.select_related("bureau"),
        },
    )
