"""The API at /api/v1/: each room's router, one way of refusing, the schema."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.api import router as accounts_router
from accounts.api_auth import who
from config.api_page import readable
from consultations.api import router as consultations_router
from core.api import domain_problem, invalid_problem, problem
from core.exceptions import Absent, DomainError
from core.languages import chosen_language
from feedback.api import router as feedback_router
from participation.api import router as participation_router
from participation.outcome_api import router as outcome_router
from questionnaires.api import router as questionnaires_router
from questionnaires.own_api import router as own_responses_router

DESCRIPTION = (
    "Everything the pages show and take, for other programs. Reading public things needs no "
    "sign-in. Writing needs the session of a signed-in reader (with its CSRF token) or a bearer "
    "token. Refusals are application/problem+json with a code. Lists answer items, count and next. "
    "Texts stand by language: en, zh-hant, zh-hans."
)


class Kaifong(NinjaAPI):
    """Whose schema says that refusals are problems."""

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """The schema; refusals as application/problem+json."""
        schema = super().get_openapi_schema(**kwargs)
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
    questionnaires_router,
    own_responses_router,
    participation_router,
    outcome_router,
    feedback_router,
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
    return problem(
        status=error.status_code, code="malformed", detail=_("This request could not be read.")
    )


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
