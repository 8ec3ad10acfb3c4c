"""Writing an idea: two fields, what is like it, sign-in last; drafts; writing it on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_account, current_person
from accounts.models import Person
from core import clock, limits
from core.exceptions import Absent, SignInNeeded
from core.form_pages import form_page
from ideas.access import access_contest, access_draft, access_written_idea
from ideas.actions.drafts import drop_draft, save_draft
from ideas.actions.ideas import KIND, clean_body, clean_title, edit_idea, newest
from ideas.asked import asked_of, opened_by
from ideas.forms.ideas import CheckForm, ConfirmForm, EditIdeaForm, IdeaForm
from ideas.models import Category, Idea, IdeaDraft, IdeaVersion
from ideas.reading import card
from ideas.similar import similar_ideas
from participation import held
from participation.actions.comments import needs_name
from participation.actions.contributions import newest_version
from participation.actions.pending import complete_act, held_act, hold_act
from participation.models import Engagement, Receipt
from participation.policies import can, can_edit_contribution, phases_for
from participation.views.files import files_page, open_tray
from participation.views.shared import about, cannot, language, sign_in
from questionnaires.kinds.base import field_name

METHODS = ["GET", "HEAD", "POST"]


@never_cache
@require_http_methods(METHODS)
def write(request: HttpRequest, public_id: str) -> HttpResponse:
    """Title, what you would do, and a button. What was written is kept; the check comes next."""
    engagement = access_contest(public_id)
    person = current_person(request)
    verdict = can("submit", engagement=engagement, person=person, now=clock.now())
    if request.method != "POST" and not verdict.allowed and not verdict.would_help:
        return cannot(request, engagement, verdict, phases=phases_for("submit", engagement))
    draft = _draft(request, engagement)

    def act(form: IdeaForm) -> HttpResponse:
        typed = form.cleaned_data
        # What the register would refuse is said now, not after the way through sign-in.
        title, text = clean_title(typed["title"]), clean_body(typed["text"])
        kept = hold_act(
            engagement=engagement,
            kind=KIND,
            payload={
                "title": title,
                "text": text,
                "draft": draft.public_id if draft else "",
            },
            language=language(),
            source=limits.address(request),
            token=held.recall(request, engagement, KIND),
        )
        held.remember(request, kept)
        return HttpResponseRedirect(reverse("ideas:check", args=[engagement.public_id]))

    initial = {"title": draft.title, "text": draft.text} if draft else _typed(request, engagement)
    return form_page(
        request,
        "ideas/write.html",
        IdeaForm,
        act=act,
        form_id="idea",
        initial=initial,
        context={
            **about(engagement),
            "signed_in": person is not None,
            "draft": draft,
            "similar_path": reverse("ideas:similar", args=[engagement.public_id]),
        },
    )


def _draft(request: HttpRequest, engagement: Engagement) -> IdeaDraft | None:
    """The own draft the address names. Raises Absent for anybody else's."""
    asked = request.GET.get("draft", "")
    if not asked:
        return None
    try:
        draft = access_draft(asked, current_person(request))
    except SignInNeeded:
        raise Absent from None
    if draft.engagement_id != engagement.pk:
        raise Absent
    return draft


def _typed(request: HttpRequest, engagement: Engagement) -> dict[str, Any]:
    """What this visit wrote here and has not handed in."""
    try:
        act = held_act(held.recall(request, engagement, KIND), kind=KIND)
    except Absent:
        return {}
    if act.contribution_id:
        return {}
    return {name: act.payload.get(name, "") for name in ("title", "text")}


@never_cache
@require_safe
def similar(request: HttpRequest, public_id: str) -> HttpResponse:
    """A piece of a page: public ideas like the title that is being written."""
    engagement = access_contest(public_id)
    limits.spend("similar_ideas", limits.address(request))
    found = similar_ideas(engagement, request.GET.get("title", "")[:500])
    return render(request, "ideas/parts/similar.html", {"similar": [card(one) for one in found]})


@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest, public_id: str) -> HttpResponse:
    """The idea once more with what is like it; sign-in, then the button that hands it in."""
    engagement = access_contest(public_id)
    account, person = current_account(request), current_person(request)
    token = held.recall(request, engagement, KIND)
    kept = held_act(token, kind=KIND)
    if kept.contribution is not None:
        return _to_receipt(kept.contribution.receipt)
    verdict = can("submit", engagement=engagement, person=person, now=clock.now())
    if request.method == "POST" and verdict.would_help:
        return sign_in(request, request.path)
    ask_name = person is not None and needs_name(account)

    def act(form: CheckForm) -> HttpResponse:
        if "keep" in request.POST:
            return _keep(request, engagement)
        receipt = complete_act(
            token=token, person=person, account=account, changes=form.cleaned_data
        )
        _drop_handed_in(kept.payload.get("draft", ""), request)
        return _to_receipt(receipt)

    found = similar_ideas(engagement, kept.payload["title"], kept.payload["text"])
    return form_page(
        request,
        "ideas/check.html",
        CheckForm,
        act=act,
        form_id="check",
        ask_name=ask_name and "keep" not in request.POST,
        context={
            **about(engagement),
            "held": kept,
            "similar": [card(one) for one in found],
            "verdict": verdict,
            "signed_in": person is not None,
            "display_name": "" if ask_name or account is None else account.display_name,
            "change_path": reverse("ideas:write", args=[engagement.public_id]),
        },
    )


def _keep(request: HttpRequest, engagement: Engagement) -> HttpResponse:
    """Keep it as a draft instead; it leaves the visit and stands on the account page."""
    kept = held_act(held.recall(request, engagement, KIND), kind=KIND)
    person = current_person(request)
    named = kept.payload.get("draft", "")
    draft = access_draft(named, person) if named else None
    save_draft(
        engagement=engagement,
        person=person,
        title=kept.payload["title"],
        text=kept.payload["text"],
        language=kept.language,
        draft=draft,
    )
    held.forget(request, engagement, KIND)
    return HttpResponseRedirect(f"/{language()}/account/#my-ideas")


def _drop_handed_in(draft_id: str, request: HttpRequest) -> None:
    """The draft an idea was written from goes once the idea is in the register."""
    if not draft_id:
        return
    person = current_person(request)
    try:
        draft = access_draft(draft_id, person)
    except (Absent, SignInNeeded):
        return
    drop_draft(draft=draft, person=person)


def _to_receipt(receipt: Receipt) -> HttpResponse:
    return HttpResponseRedirect(reverse("participation:receipt", args=[receipt.code]))


@never_cache
@require_http_methods(METHODS)
def drop(request: HttpRequest, public_id: str) -> HttpResponse:
    """Delete an own draft, after one question."""
    person = current_person(request)
    try:
        draft = access_draft(public_id, person)
    except SignInNeeded:
        return sign_in(request, request.path)

    def act(form: ConfirmForm) -> HttpResponse:
        drop_draft(draft=draft, person=person)
        return HttpResponseRedirect(f"/{language()}/account/#my-ideas")

    return form_page(
        request,
        "ideas/drop.html",
        ConfirmForm,
        act=act,
        form_id="drop",
        context={**about(draft.engagement), "draft": draft},
    )


@never_cache
@require_http_methods(METHODS)
def edit(request: HttpRequest, public_id: str) -> HttpResponse:
    """Write an idea on until the call closes, alone or with others: parts, answers, files."""
    person = current_person(request)
    try:
        idea = access_written_idea(public_id, person)
    except SignInNeeded:
        return sign_in(request, request.path)
    contribution = idea.contribution
    verdict = can_edit_contribution(contribution=contribution, person=person, now=clock.now())
    back = _back(idea, person)
    if request.method != "POST" and not verdict.allowed:
        phases = phases_for("submit", idea.engagement)
        return cannot(request, idea.engagement, verdict, phases=phases, back=back)

    definition, last = asked_of(idea.engagement), newest(idea)
    tray = open_tray(request, f"entry:{contribution.public_id}")

    def act(form: EditIdeaForm) -> HttpResponse:
        typed = form.cleaned_data
        edit_idea(
            idea=idea,
            person=person,
            account=current_account(request),
            title=typed["title"],
            text=typed["text"],
            category=typed.get("category", ""),
            tags=form.tag_list(),
            district=typed["district"],
            place=typed["place"],
            point=typed["point"],
            tray=tray,
            answers=form.given(),
            version=typed["version"],
        )
        if opened := opened_by(definition, last.answers, newest(idea).answers):
            # Without a script they were not there to be seen: they come now.
            return HttpResponseRedirect(f"{request.path}?more=1#box-{field_name(opened[0])}")
        return HttpResponseRedirect(back)

    return files_page(
        request,
        "ideas/edit.html",
        EditIdeaForm,
        act=act,
        tray=tray,
        engagement=idea.engagement,
        kind=KIND,
        contribution=contribution,
        form_id="idea",
        categories=Category.objects.filter(contest=idea.engagement_id, retired_at=None),
        initial=_newest(idea, last),
        definition=definition,
        answers=last.answers,
        language=language(),
        context={
            **about(idea.engagement),
            "idea": idea,
            "contribution": contribution,
            "waits": contribution.engagement.moderation_policy == "before"
            and contribution.state == "published",
            "back": back,
        },
    )


def _back(idea: Idea, person: Person | None) -> str:
    """The receipt, which is the author's alone; co-authors have the page of the authors."""
    entry = idea.contribution
    if person is not None and entry.person_id == person.pk:
        return reverse("participation:receipt", args=[entry.receipt.code])
    return reverse("ideas:coauthors", args=[entry.public_id])


def _newest(idea: Idea, last: IdeaVersion) -> dict[str, Any]:
    """What its authors last wrote, as the form shows it."""
    return {
        "title": last.title,
        "text": last.text,
        "category": last.category.key if last.category else "",
        "tags": ", ".join(last.tags),
        "district": last.district,
        "place": last.place,
        "point": last.point,
        "version": newest_version(idea.contribution),
    }
