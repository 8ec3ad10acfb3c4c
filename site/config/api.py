"""The API at /api/v1/: each room's router, one way of refusing, the schema."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.api import router as accounts_router
from accounts.api_auth import who
from config.api_page import readable
from consultations.api import router as consultations_router
from core.again import again
from core.api import domain_problem, invalid_problem, malformed_problem, method_problem
from core.exceptions import Absent, DomainError, Overtaken
from core.languages import chosen_language
from crowdtasks.api import router as tasks_router
from crowdtasks.findings.api import router as findings_router
from crowdtasks.ledger.api import router as points_router
from crowdtasks.panel.api import router as panel_router
from crowdtasks.products.api import router as products_router
from crowdtasks.rewards.api import router as rewards_router
from feedback.api import router as feedback_router
from ideas.api import router as contests_router
from ideas.own_api import router as own_ideas_router
from ideas.result_api import router as contest_results_router
from ideas.vote_api import router as contest_votes_router
from participation.api import router as participation_router
from participation.outcome_api import router as outcome_router
from questionnaires.api import router as questionnaires_router
from questionnaires.own_api import router as own_responses_router
from search.api import router as search_router

DESCRIPTION = (
    "Everything the pages show and take, for other programs. Reading public things needs no "
    "sign-in. Writing needs the session of a signed-in reader (with its CSRF token) or a bearer "
    "token, but for comments and responses where anyone may take part. Refusals are "
    "application/problem+json with a code. Lists answer items, count and next. "
    "Texts stand by language: en, zh-hant, zh-hans."
)


def _whole(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """HEAD wherever GET is, and a problem with a code for a method that an address does not take.

    The API's framework knows the methods of its operations alone and refuses others in a page.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = request.method
        if asked == "HEAD":
            # The server sends the answer's head alone.
            request.method = "GET"
        response = _done(request, lambda: view(request, *args, **kwargs))
        request.method = asked
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        taken = {each.strip() for each in response.headers["Allow"].split(",")}
        return method_problem(taken | ({"HEAD"} if "GET" in taken else set()))

    return answer


def _done(request: HttpRequest, act: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer to a request; a write that the database ended because of others is done again."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return act()
    try:
        return again(act, request=request)
    except Overtaken as error:
        return domain_problem(error)


class Kaifong(NinjaAPI):
    """Whose schema says that refusals are problems, those of unknown methods too."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._schemas: dict[str, Any] = {}

    def _get_urls(self) -> list[URLResolver | URLPattern]:
        patterns = super()._get_urls()
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = _whole(pattern.callback)
        return patterns

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> Any:
        """The schema; refusals as application/problem+json. For reading only.

        Made once for each prefix: its operations are fixed when the process starts, and making it
        takes longer than any other page of ours.
        """
        prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
        if prefix not in self._schemas:
            self._schemas[prefix] = self._made(prefix)
        return self._schemas[prefix]

    def _made(self, prefix: str) -> Any:
        schema = super().get_openapi_schema(path_prefix=prefix)
        for operations in schema["paths"].values():
            for found in operations.values():
                for status, response in found["responses"].items():
                    if int(status) >= 400:
                        content = response["content"]
                        content["application/problem+json"] = content.pop("application/json")
        return schema


api = Kaifong(
    title="Kaifong",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=who,
    docs_url=None,
    docs_decorator=require_safe,
    openapi_extra={
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            }
        },
        "security": [{}, {"token": []}, {"session": []}],
    },
)
for router in (
    accounts_router,
    consultations_router,
    contests_router,
    contest_votes_router,
    contest_results_router,
    own_ideas_router,
    tasks_router,
    products_router,
    panel_router,
    findings_router,
    questionnaires_router,
    own_responses_router,
    participation_router,
    outcome_router,
    feedback_router,
    search_router,
    rewards_router,
    points_router,
):
    api.add_router("", router)


@api.exception_handler(DomainError)
def _domain(request: HttpRequest, error: Any) -> HttpResponse:
    return domain_problem(error)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return invalid_problem(error.errors)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return domain_problem(Absent())


@api.exception_handler(HttpError)
def _malformed(request: HttpRequest, error: Any) -> HttpResponse:
    return malformed_problem(error.status_code)


@require_safe
def docs_entry(request: HttpRequest) -> HttpResponse:
    """To the page in the reader's language."""
    return redirect(f"/{chosen_language(request)}/api/v1/docs/")


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The schema as a page to read: what can be asked, what is sent, what comes back."""
    schema = api.get_openapi_schema()
    return render(request, "shell/api.html", {"groups": readable(schema), "schema": schema["info"]})


@require_safe
def absent(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below /api/."""
    return domain_problem(Absent())
