"""The fence at the door of every CMS view: an id of another bureau leads nowhere.

Wagtail checks rights in its views, but some only show (the explorer below a common root, usage,
bulk screens that name what they refuse). This looks at the ids of the address before any of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import Page
from wagtail.permissions import policy_registry

#: Names under which Wagtail's views know a page.
PAGE_KEYS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "parent_id")
PAGE_NAMESPACES = {"wagtailadmin_pages", "wagtailadmin_api"}
#: What a right on a picture or document may be.
MEDIA_ACTIONS = ("change", "delete", "choose")


class CmsFenceMiddleware:
    """404 for pages, pictures and documents that the account may not meet, whatever the verb."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the work is in :meth:`process_view`."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> None:
        """Raise Http404 before a view of the CMS is called with a foreign id."""
        if not request.path.startswith("/cms/"):
            return
        user = request.user
        if not user.is_authenticated or user.is_superuser:
            return
        if request.path.startswith("/cms/reports/"):
            # They read over all bureaux; administrators have them.
            raise Http404
        pages = [kwargs[key] for key in PAGE_KEYS if kwargs.get(key)]
        match = request.resolver_match
        if match is not None and kwargs.get("pk") and set(match.namespaces) & PAGE_NAMESPACES:
            pages.append(kwargs["pk"])
        _meet_pages(user, pages)
        if request.path.startswith("/cms/bulk/"):
            _meet_many(request, user, kwargs)


def _numbers(values: Iterable[Any]) -> set[int]:
    found = {str(value) for value in values}
    if any(not value.isascii() or not value.isdigit() for value in found):
        raise Http404
    return {int(value) for value in found}


def _meet_pages(user: Any, values: Iterable[Any]) -> None:
    wanted = _numbers(values)
    if not wanted:
        return
    policy = policy_registry.get_by_type(Page)
    known = policy.explorable_instances(user).filter(pk__in=wanted).count()
    if known < len(wanted):
        raise Http404


def _meet_many(request: HttpRequest, user: Any, kwargs: dict[str, Any]) -> None:
    """Bulk screens take ids from the query; 'all' is what the list showed, which is fenced."""
    ids = [value for value in request.GET.getlist("id") if value != "all"]
    app, model = kwargs.get("app_label", ""), kwargs.get("model_name", "")
    content_type = ContentType.objects.filter(app_label=app, model=model).first()
    found = content_type.model_class() if content_type else None
    if found is None:
        raise Http404
    if issubclass(found, Page):
        _meet_pages(user, ids)
        return
    wanted = _numbers(ids)
    policy = policy_registry.get_by_type(found)
    own = policy.instances_user_has_any_permission_for(user, MEDIA_ACTIONS)
    if own.filter(pk__in=wanted).count() < len(wanted):
        raise Http404
