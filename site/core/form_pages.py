"""The one way a form page works: show, check, act, and never lose what was typed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from core.again import again
from core.exceptions import DomainError

SWITCH = "switch_language"


def form_page(
    request: HttpRequest,
    template: str,
    form_class: Callable[..., forms.BaseForm],
    *,
    act: Callable[[Any], HttpResponse],
    context: dict[str, Any] | None = None,
    form_id: str = "form",
    part: str = "",
    **form_options: Any,
) -> HttpResponse:
    """Answer a form's address.

    GET shows it. A POST that only switches the language shows it again with what was typed,
    unjudged. Any other POST is checked (422 with the errors) and, if sound, handed to ``act``,
    which calls the action and returns the redirect. A :class:`DomainError` of the action becomes
    an error of the form (of the field it names) with the error's status; the text stays. What the
    database ended because of others is done again (``core.again``), with the form made anew.

    ``part`` names the one field that a button of its own was pressed for (a file was added): only
    that field is judged, nothing is done, and everything typed stays.

    The template's ``<form>`` must have ``id="{{ form_id }}"``.
    Trap: do not catch inside ``act``; the transaction of the action has already rolled back.
    """
    status = 200
    headers: dict[str, str] = {}
    if request.method != "POST":
        form = form_class(**form_options)
    elif SWITCH in request.POST:
        form = form_class(**{**form_options, "initial": _typed(request, form_class, form_options)})
    elif part:
        form = form_class(request.POST, request.FILES, **form_options)
        for name in set(form.errors) - {part}:
            del form.errors[name]
        status = 422 if form.errors else 200
    else:
        forms_made: list[Any] = []

        def attempt() -> HttpResponse | None:
            # Each time from what was sent: the act may take from the form what it has used.
            form = form_class(request.POST, request.FILES, **form_options)
            forms_made.append(form)
            return act(form) if form.is_valid() else None

        status = 422
        try:
            done = again(attempt, request=request)
        except DomainError as error:
            form = forms_made[-1]
            field = getattr(error, "field", "")
            form.add_error(field if field in form.fields else None, str(error))
            status = error.status
            if retry_after := getattr(error, "retry_after", None):
                headers["Retry-After"] = str(retry_after)
        else:
            if done is not None:
                return done
            form = forms_made[-1]
    page = {**(context or {}), "form": form, "form_id": form_id, "switch_form": form_id}
    response = render(request, template, page, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    add_never_cache_headers(response)
    return response


def _typed(
    request: HttpRequest, form_class: Callable[..., forms.BaseForm], options: dict[str, Any]
) -> dict[str, Any]:
    """What was typed, field by field, as initial values: nothing is judged, so no errors show."""
    bound = form_class(request.POST, request.FILES, **options)
    typed = dict(options.get("initial") or {})
    typed.update({name: bound[name].data for name in bound.fields})
    return typed
