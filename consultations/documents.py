"""Who may have a document: the public once a live page refers to it, else its bureau alone."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from accounts import policies
from accounts.models import Account, Bureau, Role
from core.models import MediaDocument

_OF_BUREAU = (Role.OFFICER, Role.APPROVER)


def may_read_document(document: MediaDocument, account: Account | None) -> bool:
    """Whether the file may be handed out.

    A document on a bureau's shelf (the collection named by its code, see ``tree``) is public when
    a page that is live, and not under a view restriction, refers to it. Before that its bureau's
    officers and approvers and the administrators read it. What lies on no bureau's shelf is the
    platform's own and follows Wagtail's rules alone.
    """
    bureau = _owner(document)
    if bureau is None or _on_live_page(document):
        return True
    return policies.is_administrator(account) or any(
        policies.has_role(account, role, bureau) for role in _OF_BUREAU
    )


def _owner(document: MediaDocument) -> Bureau | None:
    shelf = document.collection
    names = [*shelf.get_ancestors().values_list("name", flat=True), shelf.name]
    return Bureau.objects.filter(code__in=names).first()


def _on_live_page(document: MediaDocument) -> bool:
    pages = ContentType.objects.get_for_model(Page)
    referring = ReferenceIndex.get_references_to(document).filter(base_content_type=pages)
    keys = [int(key) for key in referring.values_list("object_id", flat=True)]
    return Page.objects.live().public().filter(pk__in=keys).exists()
