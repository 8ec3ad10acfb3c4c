"""The officer's desk under /cms/desk/: new paper, steps, words, approval, extension, outcome."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import Account
from consultations import checklist
from consultations.access import access_paper, access_submission
from consultations.actions.approval import (
    approve_paper,
    approvers_for,
    send_back,
    submit_paper,
    take_back,
)
from consultations.actions.extension import extend_paper
from consultations.actions.paper import check_rules, start_paper, versions_of
from consultations.actions.translation import confirm_sentence, save_translations
from consultations.desk import own_bureaux
from consultations.forms.desk import ExtendForm, NewPaperForm, NoteForm, SubmitForm
from consultations.models import Submission
from consultations.panels import version_lines
from consultations.pasting import placed
from consultations.policies import can_decide, can_write_papers
from consultations.translation import sentences, targets
from core import clock
from core.dates import FOREVER
from core.exceptions import Absent, DomainError, Refused
from core.form_pages import form_page
from core.texts import html_lang, known_language
from participation import faces
from participation.actions.rules import sentences as sentences_of_rules
from participation.faces import Face, StepState
from participation.models import Engagement
from participation.models.engagement import DEFAULT_KIND
from participation.models.pages import PREVIEW_MODES, FacePage
from participation.policies import can_see_results
from participation.stages import stage, today


def _account(request: HttpRequest) -> Account:
    return cast(Account, request.user)


@never_cache
def new_paper(request: HttpRequest) -> HttpResponse:
    """Title, bureau, language, dates; then the steps."""
    return _new(request, faces.of_kind(DEFAULT_KIND))


@never_cache
def new_of(request: HttpRequest, kind: str) -> HttpResponse:
    """The same for another kind of page; Absent where no room has it."""
    try:
        face = faces.of_kind(kind)
    except KeyError:
        raise Absent from None
    return _new(request, face)


def _new(request: HttpRequest, face: Face) -> HttpResponse:
    account = _account(request)
    bureaux = own_bureaux(account)
    if not bureaux:
        raise Refused(_("Only officers of a bureau may begin one."))

    def act(form: NewPaperForm) -> HttpResponse:
        data = form.cleaned_data
        page = start_paper(
            bureau=data["bureau"],
            title=data["title"],
            source_language=data["source_language"],
            by=account,
            fields={name: data[name] for name in ("opens_on", "closes_on", "response_due")},
            face=face,
        )
        engagement = cast(Engagement, page.engagement)
        return redirect("kaifong_desk:steps", engagement.public_id)

    return form_page(
        request,
        "consultations/desk/new.html",
        NewPaperForm,
        act=act,
        context={"heading": face.new_title},
        bureaux=bureaux,
        today=today(clock.now()),
        language=known_language(get_language()),
    )


def _edit_url(page: FacePage, field: str) -> str:
    # StreamFields have no input of their own name, so the link leads to their panel.
    face = faces.of_page(page)
    anchor = f"panel-child-paper-{field}-section" if field in face.streams else f"id_{field}"
    anchor = (face.anchors or {}).get(field, anchor)
    return f"{reverse('wagtailadmin_pages:edit', args=[page.pk])}#{anchor}"


def _steps(engagement: Engagement, page: FacePage) -> list[dict[str, Any]]:
    draft = page.get_latest_revision_as_object()
    lines = []
    for step in checklist.steps(draft, engagement):
        url = (
            reverse("kaifong_desk:words", args=[engagement.public_id, step.language])
            if step.language
            else _edit_url(page, step.field)
        )
        lines.append({"step": step, "url": url, "state": step.state.value})
    return lines


def _previews(page: FacePage) -> list[dict[str, Any]]:
    lines = []
    pages = versions_of(page)
    for language in [page.language, *targets(page)]:
        one = pages.get(language)
        if one is None:
            continue
        url = reverse("wagtailadmin_pages:view_draft", args=[one.pk])
        lines.append(
            {
                "name": checklist.language_name(language),
                "modes": [
                    {"label": label, "url": f"{url}?mode={mode}"} for mode, label in PREVIEW_MODES
                ],
            }
        )
    return lines


@never_cache
def steps(request: HttpRequest, public_id: str) -> HttpResponse:
    """One page of steps: what is missing, what is advised, where it lies; sends for approval."""
    account = _account(request)
    engagement, page = access_paper(public_id, account)
    writes = can_write_papers(account, engagement.owner)

    def act(form: SubmitForm) -> HttpResponse:
        access_paper(public_id, account, write=True)
        submit_paper(page=page, by=account, note=form.cleaned_data["note"])
        messages.success(request, _("Sent for approval. The approvers have been told."))
        return redirect("kaifong_desk:steps", public_id)

    lines = _steps(engagement, page)
    missing = sum(line["state"] == "missing" for line in lines)
    approvers = approvers_for(engagement, account)
    last = engagement.submissions.select_related("submitted_by", "approved_by").first()
    lies_with_approver = last is not None and last.state in {"waiting", "gate"}
    unpublished = page.latest_revision_id != page.live_revision_id
    draft = page.get_latest_revision_as_object()
    context = {
        "engagement": engagement,
        "paper": draft,
        "page_id": page.pk,
        "is_paper": engagement.kind == DEFAULT_KIND,
        "words": faces.words_of(engagement, closes_at=draft.closes_at),
        "endless": engagement.closes_at == FOREVER,
        "stage": stage(engagement, clock.now()),
        "lines": lines,
        "missing": missing,
        "versions": version_lines(page),
        "previews": _previews(page),
        "submission": last,
        "lies_with_approver": lies_with_approver,
        "can_send": writes and unpublished and approvers and not missing and not lies_with_approver,
        "approvers": approvers,
        "writes": writes,
        "results_open": engagement.statements.exists()
        and can_see_results(engagement=engagement, now=clock.now()).allowed,
        "unpublished": unpublished,
        "links": list(faces.of_kind(engagement.kind).links(engagement))
        if engagement.state == "published"
        else [],
        "public_path": engagement.paths.get(known_language(get_language()))
        or next(iter(engagement.paths.values()), ""),
    }
    return form_page(request, "consultations/desk/steps.html", SubmitForm, act=act, context=context)


@never_cache
def words(request: HttpRequest, public_id: str, language: str) -> HttpResponse:
    """The source's sentences beside one other language, to be written and saved together."""
    account = _account(request)
    engagement, page = access_paper(public_id, account, write=True)
    if language not in targets(page):
        raise Absent
    status, error, at_fault, filled = 200, "", "", 0
    typed: dict[str, str] = {}
    if request.method == "POST":
        typed = {
            name.removeprefix("s-"): str(value)
            for name, value in request.POST.items()
            if name.startswith("s-")
        }
        try:
            if "fill" in request.POST:
                pieces = placed(sentences(page), request.POST.get("whole", ""))
                typed, filled = {**typed, **pieces}, len(pieces)
            elif "confirm" in request.POST:
                save_translations(page=page, language=language, texts=typed, by=account)
                confirm_sentence(
                    page=page, language=language, key=request.POST["confirm"], by=account
                )
            else:
                save_translations(page=page, language=language, texts=typed, by=account)
        except DomainError as refused:
            status, error = refused.status, str(refused)
            at_fault = getattr(refused, "field", "")
        else:
            if not filled:
                messages.success(request, _("Saved. The draft has these words now."))
                return redirect("kaifong_desk:words", public_id, language)
    found = sentences(page)
    rows = [
        {
            "sentence": one,
            "version": one.versions[language],
            "text": typed.get(one.key, one.versions[language].text),
            "field": _field_name(page, one.field_name),
            "at_fault": one.key == at_fault,
            "todo": one.versions[language].is_missing or one.versions[language].changed,
            "is_first": False,
        }
        for one in found
    ]
    first = next((row for row in rows if row["todo"]), None)
    if first is not None:
        first["is_first"] = True
    context = {
        "engagement": engagement,
        "language": language,
        "language_name": checklist.language_name(language),
        "source_name": checklist.language_name(page.language),
        "html_lang": html_lang(language),
        "source_lang": html_lang(page.language),
        "rows": rows,
        "todo": sum(bool(row["todo"]) for row in rows),
        "error": error,
        "filled": filled,
        "whole": "" if filled else request.POST.get("whole", ""),
        "waits": Submission.objects.waiting_for(page.translation_key) is not None,
    }
    return render(request, "consultations/desk/words.html", context, status=status)


def _field_name(page: FacePage, name: str) -> str:
    return str(page._meta.get_field(name).verbose_name)


@never_cache
@require_POST
def take_back_view(request: HttpRequest, public_id: str) -> HttpResponse:
    """Go on writing: the sending ends."""
    account = _account(request)
    engagement, _page = access_paper(public_id, account, write=True)
    submission = engagement.submissions.waiting().first()
    if submission is None:
        raise Absent
    take_back(submission=submission, by=account)
    messages.success(request, _("Taken back. You can go on writing."))
    return redirect("kaifong_desk:steps", public_id)


@never_cache
def review(request: HttpRequest, public_id: str) -> HttpResponse:
    """The whole paper in each language with Approve and Send back; reads on a phone."""
    account = _account(request)
    submission, page = access_submission(public_id, account)
    may_decide = can_decide(account, submission)

    def act(form: NoteForm) -> HttpResponse:
        send_back(submission=submission, note=form.cleaned_data["note"], by=account)
        messages.success(request, _("Sent back with your note."))
        return redirect("wagtailadmin_home")

    face = faces.of_page(page)
    versions = []
    for language in [page.language, *targets(page)]:
        one = versions_of(page).get(language)
        number = submission.revisions.get(language)
        revision = one.revisions.filter(pk=number).first() if one else None
        if revision is None:
            continue
        draft = revision.as_object()
        versions.append(
            {
                "language": language,
                "lang": html_lang(language),
                "name": checklist.language_name(language),
                "paper": draft,
                **face.review(draft),
                "preview": f"{reverse('wagtailadmin_pages:view_draft', args=[draft.pk])}?mode=open",
            }
        )
    source = versions[0]["paper"] if versions else page
    context = {
        "submission": submission,
        "engagement": submission.engagement,
        "source": source,
        "changes": _changes_of_rules(source, submission.engagement),
        "versions": versions,
        "review_template": face.review_template,
        "is_paper": face.kind == DEFAULT_KIND,
        "takes_comments": face.takes_comments,
        "lines": version_lines(page),
        "advice": [
            step
            for step in checklist.steps(page.get_latest_revision_as_object(), submission.engagement)
            if step.state is StepState.ADVISED
        ],
        "may_decide": may_decide,
        "own": account.pk == submission.submitted_by_id,
    }
    return form_page(
        request,
        "consultations/desk/review.html",
        NoteForm,
        act=act,
        context=context,
        form_id="send-back",
    )


def _changes_of_rules(source: FacePage, engagement: Engagement) -> list[str]:
    """What the approver is told of rules that change after the opening."""
    try:
        return sentences_of_rules(check_rules(source, engagement))
    except DomainError as refused:
        return [str(refused)]


@never_cache
@require_POST
def approve(request: HttpRequest, public_id: str) -> HttpResponse:
    """Approve what was read."""
    account = _account(request)
    submission, _page = access_submission(public_id, account)
    try:
        submission = approve_paper(submission=submission, by=account)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("kaifong_desk:review", public_id)
    if submission.state == "gate":
        messages.success(request, _("Approved. It now lies with the administrators."))
    elif submission.state == "approved":
        messages.success(request, _("Approved. It stays hidden until it opens."))
    else:
        messages.success(request, _("Approved and published."))
    return redirect("kaifong_desk:review", public_id)


@never_cache
def extend(request: HttpRequest, public_id: str) -> HttpResponse:
    """Close later, with a reason that everybody reads."""
    account = _account(request)
    engagement, page = access_paper(public_id, account, write=True)

    def act(form: ExtendForm) -> HttpResponse:
        extend_paper(
            page=page,
            last_day=form.cleaned_data["closes_on"],
            response_due=form.cleaned_data["response_due"],
            reason=form.reasons(),
            by=account,
        )
        messages.success(request, _("Extended. Everybody who follows it is told."))
        return redirect("kaifong_desk:steps", public_id)

    return form_page(
        request,
        "consultations/desk/extend.html",
        ExtendForm,
        act=act,
        context={"engagement": engagement},
        source_language=page.language,
        initial={"response_due": engagement.response_due},
    )
