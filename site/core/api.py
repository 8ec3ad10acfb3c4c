"""What every part of the API shares: problems (RFC 9457), pages of a list, texts by language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.encoding import force_str
from django.utils.translation import gettext as _
from ninja import Field, Schema

from core.exceptions import Absent, DomainError, Invalid, Overtaken, TooMany

Item = TypeVar("Item")
#: Most rows of one page of a list, and how many it has when not asked for.
MOST = 100
USUAL = 50
#: No page further than this is counted out: offsets cost the database a walk.
LAST_PAGE = 10_000


class Texts(Schema):
    """A text by language; one that was not written is left out."""

    en: str | None = None
    zh_hant: str | None = Field(None, alias="zh-hant")
    zh_hans: str | None = Field(None, alias="zh-hans")


class Problem(Schema):
    """How every refusal is told. ``code`` is for programs, ``detail`` for people."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None


#: How reading and how writing may be refused, for the schema.
READING = dict.fromkeys((400, 401, 404, 422, 429), Problem)
WRITING = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429, 503), Problem)


class Listed(Schema, Generic[Item]):
    """One page of a list. ``next`` is the address of the following page, or null."""

    items: list[Item]
    count: int
    next: str | None


class PageQuery(Schema):
    """Which page of a list: ``page`` from 1, ``limit`` rows each."""

    page: int = Field(1, ge=1, le=LAST_PAGE)
    limit: int = Field(USUAL, ge=1, le=MOST)


def texts(values: Mapping[str, str] | None) -> dict[str, str]:
    """The languages in which something stands."""
    return {language: text for language, text in (values or {}).items() if text}


def moment(value: dt.datetime | None) -> str | None:
    """An instant in UTC to the microsecond, as ISO 8601 with a Z."""
    return None if value is None else value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def listed(
    request: HttpRequest,
    rows: Any,
    query: PageQuery,
    show: Callable[[list[Any]], Iterable[Any]],
) -> HttpResponse:
    """A page of ``rows`` (a queryset in a full order); ``show`` writes all its rows at once.

    Written as it is, without a second pass through the schema: the tests hold it to the schema.

    Raises Absent for a page behind the last one; the first page of nothing is empty.
    """
    count = rows.count()
    start = (query.page - 1) * query.limit
    if start and start >= count:
        raise Absent
    found = list(rows[start : start + query.limit]) if count else []
    more = start + query.limit < count
    return answer(
        {
            "items": list(show(found)),
            "count": count,
            "next": next_page(request, query.page + 1) if more else None,
        }
    )


def answer(body: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """One thing as JSON. Never kept by anybody: what a caller may see is the caller's own."""
    response = JsonResponse(body, status=status, json_dumps_params=_READABLE)
    response["Cache-Control"] = "private, no-store"
    return response


def next_page(request: HttpRequest, page: int) -> str:
    """The address of another page of the list that was asked for."""
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def problem(
    *,
    status: int,
    code: str,
    detail: str,
    errors: list[dict[str, str]] | None = None,
    **more: Any,
) -> HttpResponse:
    """The answer to a refusal, as application/problem+json."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "code": code,
        **({"errors": errors} if errors else {}),
        **more,
    }
    response = JsonResponse(
        body, status=status, content_type="application/problem+json", json_dumps_params=_READABLE
    )
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Kaifong"'
    return response


_READABLE = {"ensure_ascii": False}
_TITLES = {
    400: "Malformed",
    401: "Sign in first",
    403: "Refused",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not valid",
    429: "Too many requests",
    503: "Try again",
}


def domain_problem(error: DomainError) -> HttpResponse:
    """A refusal of the domain: the same sentence a page would show, and its code."""
    more = {key: value for key, value in error.data.items() if key not in _OURS}
    field = error.name if isinstance(error, Invalid) else ""
    response = problem(
        status=error.status,
        code=error.code,
        detail=str(error),
        errors=[{"field": field, "message": str(error)}] if field else None,
        **more,
    )
    if isinstance(error, TooMany | Overtaken):
        response["Retry-After"] = str(error.retry_after)
    return response


#: Ours, and the form's word for what ``errors`` name.
_OURS = {"type", "title", "status", "detail", "code", "errors", "field"}


def invalid_problem(errors: Iterable[Mapping[str, Any]]) -> HttpResponse:
    """What the schema refuses: each fault with the place it stands at."""
    found = [
        {
            "field": ".".join(str(part) for part in error.get("loc", ())[1:]) or "body",
            "message": force_str(error.get("msg", "")),
        }
        for error in errors
    ]
    return problem(
        status=422, code="invalid", detail=_("Check what you entered."), errors=found[:50]
    )


def malformed_problem(status: int) -> HttpResponse:
    """What is no JSON at all, or not as HTTP has it."""
    return problem(status=status, code="malformed", detail=_("This request could not be read."))


def method_problem(allowed: Iterable[str]) -> HttpResponse:
    """A method that an address does not take; ``Allow`` names those that it does."""
    response = problem(
        status=405,
        code="method_not_allowed",
        detail=_("This address does not take requests of this kind."),
    )
    response["Allow"] = ", ".join(sorted(allowed))
    return response
