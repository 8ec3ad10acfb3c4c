"""Where the room meets Wagtail: desk, editor, fence, look."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.action_menu import PageLockedMenuItem, SaveDraftMenuItem
from wagtail.admin.api.views import PagesAdminAPIViewSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.models import Page
from wagtail.permissions import policy_registry

from accounts.access import current_account
from consultations import cms_urls
from consultations.actions.paper import after_draft_saved
from consultations.desk import gather, own_bureaux
from consultations.documents import may_read_document
from consultations.middleware import MEDIA_ACTIONS
from consultations.models import ConsultationPage
from consultations.panels import paper_handler
from core.models import MediaDocument, MediaImage
from participation import faces
from participation.models.engagement import DEFAULT_KIND
from participation.models.pages import FacePage

# The editor knows forms and actions, so the model may not name it; it is set from this edge.
ConsultationPage.edit_handler = paper_handler()


# --- desk -----------------------------------------------------------------------------------------


@hooks.register("register_admin_urls")
def desk_urls() -> list[Any]:
    """The desk under /cms/desk/."""
    return [path("desk/", include(cms_urls, namespace="kaifong_desk"))]


class DeskPanel(Component):
    """The first page of the CMS: own engagements, numbers today, what waits."""

    name = "desk"
    template_name = "consultations/desk/home_panel.html"
    order = 10

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        """Wagtail's context with the desk."""
        return {
            "desk": gather(self.request.user),  # type: ignore[arg-type]
            "begin": [(face.new_title, new_address(face.kind)) for face in faces.everyone()],
            "request": self.request,
        }


@hooks.register("construct_homepage_panels")
def only_the_desk(request: HttpRequest, panels: list[Any]) -> None:
    """Wagtail's own panels make room."""
    panels[:] = [DeskPanel(request)]


def new_address(kind: str) -> str:
    """Where a page of this kind is begun."""
    if kind == DEFAULT_KIND:
        return reverse("kaifong_desk:new")
    return reverse("kaifong_desk:new_of", args=[kind])


class NewPageItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(own_bureaux(request.user))  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def new_paper_item() -> MenuItem:
    """'New consultation' first in the menu; what else may be begun stands on the desk."""
    return NewPageItem(
        _("New consultation"), reverse("kaifong_desk:new"), icon_name="plus", order=50
    )


@hooks.register("construct_main_menu")
def short_menu(request: HttpRequest, items: list[Any]) -> None:
    """Officers see what is theirs: no reports over other people's pages, no help of Wagtail's."""
    hidden = {"help"} if request.user.is_superuser else {"help", "reports"}
    items[:] = [item for item in items if item.name not in hidden]


# --- editor ---------------------------------------------------------------------------------------


def _after_save(request: HttpRequest, page: Page) -> None:
    if isinstance(page, FacePage):
        after_draft_saved(page=page, by=request.user)  # type: ignore[arg-type]


hooks.register("after_create_page", _after_save)
hooks.register("after_edit_page", _after_save)


@hooks.register("before_edit_page", order=-10)
def write_translations_on_the_desk(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A version that follows is written sentence by sentence, not in the editor."""
    if isinstance(page, FacePage) and not page.is_source:
        engagement = page.engagement
        if engagement is None:
            raise Http404
        return redirect("kaifong_desk:words", engagement.public_id, page.language)
    return None


@hooks.register("before_create_page")
def begin_on_the_desk(
    request: HttpRequest, parent: Page, page_class: type[Page]
) -> HttpResponseRedirect | None:
    """A paper begins with title and dates on the desk, whatever button was pressed."""
    for face in faces.everyone():
        if page_class is face.page_class:
            return redirect(new_address(face.kind))
    return None


def _refused(request: HttpRequest, page: Page, *_rest: Any) -> None:
    """Papers are published, taken away, moved and copied by our own actions alone."""
    if isinstance(page.specific, FacePage):
        raise PermissionDenied


for _name in (
    "before_publish_page",
    "before_unpublish_page",
    "before_move_page",
    "before_copy_page",
    "before_convert_alias_page",
):
    hooks.register(_name, _refused)


@hooks.register("before_bulk_action")
def no_bulk_on_papers(request: HttpRequest, action_type: str, objects: Any, action: Any) -> None:
    """The same for many at once; deleting drafts stays (the permission tester narrows it)."""
    if action_type in {"publish", "unpublish", "move"} and any(
        isinstance(one, Page) and isinstance(one.specific, FacePage) for one in objects
    ):
        raise PermissionDenied


@hooks.register("construct_page_action_menu")
def only_saving(items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The editor saves; sending is the desk's."""
    page = context.get("page")
    if isinstance(page, FacePage):
        kept = SaveDraftMenuItem | PageLockedMenuItem
        items[:] = [item for item in items if isinstance(item, kept)]


# --- fence ----------------------------------------------------------------------------------------


def _own(request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
    policy = policy_registry.get_by_type(Page)
    return pages.filter(
        pk__in=policy.explorable_instances(request.user).values_list("pk", flat=True)
    )


@hooks.register("construct_page_chooser_queryset")
def choose_own_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Choosers show titles of drafts, so they show own pages only."""
    return _own(request, pages)


def _own_files(request: HttpRequest, files: QuerySet[Any]) -> QuerySet[Any]:
    policy = policy_registry.get_by_type(files.model)
    return files.filter(
        pk__in=policy.instances_user_has_any_permission_for(
            request.user, MEDIA_ACTIONS
        ).values_list("pk", flat=True)
    )


# After Wagtail's own, which stand under the same names.
@hooks.register("construct_admin_api", order=10)
def fence_api(router: Any) -> None:
    """The CMS's own API reads everything for everybody who may enter: ours does not."""

    class OwnPages(PagesAdminAPIViewSet):
        def get_base_queryset(self) -> QuerySet[Page]:
            return _own(self.request, super().get_base_queryset())

    class OwnImages(ImagesAdminAPIViewSet):
        def get_queryset(self) -> QuerySet[MediaImage]:
            return _own_files(self.request, super().get_queryset())

    class OwnDocuments(DocumentsAdminAPIViewSet):
        def get_queryset(self) -> QuerySet[MediaDocument]:
            return _own_files(self.request, super().get_queryset())

    router.register_endpoint("pages", OwnPages)
    router.register_endpoint("images", OwnImages)
    router.register_endpoint("documents", OwnDocuments)


# --- look -----------------------------------------------------------------------------------------


@hooks.register("insert_global_admin_css")
def our_css() -> str:
    """Our colours and the desk's own styles."""
    return format_html('<link rel="stylesheet" href="{}">', static("consultations/css/desk.css"))


@hooks.register("insert_editor_js")
def our_saving() -> str:
    """The button's save and the CMS's own, one after the other."""
    return format_html('<script src="{}"></script>', static("consultations/saving.js"))


@hooks.register("before_serve_document")
def fence_documents(document: MediaDocument, request: HttpRequest) -> None:
    """A file of a draft is its bureau's: for everybody else it is absent."""
    if not may_read_document(document, current_account(request)):
        raise Http404
