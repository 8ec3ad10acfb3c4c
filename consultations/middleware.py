"""The fence at the door of every CMS view: an id of another bureau leads nowhere.

Wagtail checks rights in its views, but some only show (the explorer below a common root, usage,
what a chooser chose, bulk screens that name what they refuse), and others refuse with a message
that says something is there. This looks at the ids of the address before any of them: an id that
it does not know how to look up is nobody's but an administrator's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from wagtail.models import Page, UploadedFile
from wagtail.permissions import policy_registry

from core.models import MediaDocument, MediaImage

#: Names under which Wagtail's views know a page.
PAGE_KEYS = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "parent_id")
MEDIA_KEYS: Mapping[str, type[Model]] = {
    "image_id": MediaImage,
    "document_id": MediaDocument,
    "doc_id": MediaDocument,
}
#: What ``pk`` (and ``?id=`` of a chooser) names, by the innermost namespace of the address.
KEPT_IN: Mapping[str, type[Model]] = {
    "wagtailadmin_pages": Page,
    "pages": Page,
    "images": MediaImage,
    "documents": MediaDocument,
    "wagtailimages_chooser": MediaImage,
    "wagtaildocs_chooser": MediaDocument,
}
#: Parts of a page that stands in the same address: Wagtail looks them up among the page's own.
PARTS = {
    "revision_id",
    "revision_id_a",
    "revision_id_b",
    "task_id",
    "task_state_id",
    "workflow_state_id",
}
#: Rooms with a fence of their own: the desk's ``access_*``, and pings about what one may edit.
OWN_FENCE = {"kaifong_desk", "wagtailadmin_editing_sessions"}
#: What a right on a picture or document may be.
MEDIA_ACTIONS = ("change", "delete", "choose")


class CmsFenceMiddleware:
    """404 for whatever of the CMS the account may not meet, whatever the verb."""

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
        match = request.resolver_match
        spaces = list(match.namespaces) if match is not None else []
        if not OWN_FENCE.intersection(spaces):
            _meet_named(user, spaces[-1] if spaces else "", kwargs)
        if request.path.startswith("/cms/bulk/"):
            _meet_many(request, user, kwargs)
        elif match is not None and str(match.url_name).endswith("chosen_multiple"):
            model = KEPT_IN.get(spaces[-1] if spaces else "pages")
            _meet(user, model, request.GET.getlist("id"))


def _meet_named(user: Any, space: str, kwargs: Mapping[str, Any]) -> None:
    """Look up every argument that names a thing."""
    for key, value in kwargs.items():
        if value in (None, ""):
            continue
        if key in PAGE_KEYS:
            _meet(user, Page, [value])
        elif key in MEDIA_KEYS:
            _meet(user, MEDIA_KEYS[key], [value])
        elif key == "uploaded_file_id":
            if not UploadedFile.objects.filter(pk=value, uploaded_by_user=user).exists():
                raise Http404
        elif (key == "pk" or key.endswith("_id")) and key not in PARTS:
            _meet(user, KEPT_IN.get(space), [value])


def _numbers(values: Iterable[Any]) -> set[int]:
    found = {str(value) for value in values}
    if any(not value.isascii() or not value.isdigit() for value in found):
        raise Http404
    return {int(value) for value in found}


def _meet(user: Any, model: type[Model] | None, values: Iterable[Any]) -> None:
    """Raise Http404 unless the account may meet all of these; of no known model, none."""
    wanted = _numbers(values)
    if not wanted:
        return
    if model is None:
        raise Http404
    policy = policy_registry.get_by_type(model)
    own = (
        policy.explorable_instances(user)
        if issubclass(model, Page)
        else policy.instances_user_has_any_permission_for(user, MEDIA_ACTIONS)
    )
    if own.filter(pk__in=wanted).count() < len(wanted):
        raise Http404


def _meet_many(request: HttpRequest, user: Any, kwargs: Mapping[str, Any]) -> None:
    """Bulk screens take ids from the query; 'all' is what the list showed, which is fenced."""
    ids = [value for value in request.GET.getlist("id") if value != "all"]
    app, model = kwargs.get("app_label", ""), kwargs.get("model_name", "")
    content_type = ContentType.objects.filter(app_label=app, model=model).first()
    found = content_type.model_class() if content_type else None
    if found is None:
        raise Http404
    _meet(user, found, ids)
