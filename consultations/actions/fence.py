"""The officer's fence in the CMS: one group for each body and role, made when a role is granted.

Policies ask the role rows; Wagtail asks groups. Both are brought in line in the transaction that
grants or ends the role (``accounts.signals.role_changed``).
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.users.models import UserProfile

from accounts.models import Account, Bureau, Role
from accounts.policies import has_role
from consultations.tree import ensure_collection
from participation import faces

#: Officers and approvers write papers alike; approving is the desk's, never Wagtail's 'publish'.
WRITERS = (Role.OFFICER, Role.APPROVER)
_PAGE_RIGHTS = ("add_page", "change_page")
_SHELF_RIGHTS = (
    # Wagtail asks for the rights of its own models, whatever ours are called.
    ("wagtailimages", "image", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", "document", ("add_document", "change_document", "choose_document")),
)


def group_name(role: str, bureau: Bureau) -> str:
    """The name of a body's group: ``officer EPD``."""
    return f"{role} {bureau.code}"


@transaction.atomic
def ensure_group(*, role: str, bureau: Bureau) -> Group:
    """The group of a body's officers or approvers, with its rights on sections and shelf."""
    group, _created = Group.objects.get_or_create(name=group_name(role, bureau))
    sections = [page for face in faces.everyone() for page in face.sections(bureau).values()]
    _open_pages(group, sections)
    _open_shelf(group, ensure_collection(bureau))
    return group


def open_sections(bureau: Bureau, sections: Iterable[Page]) -> None:
    """Give the body's groups, where there are any, their rights on sections made since."""
    pages = list(sections)
    for group in Group.objects.filter(name__in=[group_name(role, bureau) for role in WRITERS]):
        _open_pages(group, pages)


def _open_pages(group: Group, sections: Iterable[Page]) -> None:
    known = set(
        GroupPagePermission.objects.filter(group=group).values_list("page_id", "permission_id")
    )
    permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=_PAGE_RIGHTS
    )
    wanted = {(section.pk, row.pk) for section in sections for row in permissions}
    GroupPagePermission.objects.bulk_create(
        [
            GroupPagePermission(group=group, page_id=page_id, permission_id=permission_id)
            for page_id, permission_id in sorted(wanted - known)
        ],
        ignore_conflicts=True,
    )


def _open_shelf(group: Group, collection: Collection) -> None:
    asked = Q()
    for app, model, names in _SHELF_RIGHTS:
        asked |= Q(content_type__app_label=app, content_type__model=model, codename__in=names)
    known = set(
        GroupCollectionPermission.objects.filter(group=group, collection=collection).values_list(
            "permission_id", flat=True
        )
    )
    GroupCollectionPermission.objects.bulk_create(
        [
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in Permission.objects.filter(asked).order_by("pk")
            if permission.pk not in known
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def follow_role(*, account: Account, role: str, bureau: Bureau | None) -> None:
    """Bring the account's membership in line with the role it holds now, or no longer holds."""
    if role not in WRITERS or bureau is None:
        return
    if has_role(account, role, bureau):
        account.groups.add(ensure_group(role=role, bureau=bureau))
        profile = UserProfile.get_for_user(account)
        if not profile.preferred_language:
            profile.preferred_language = account.language
            profile.save(update_fields=["preferred_language"])
    else:
        account.groups.remove(*Group.objects.filter(name=group_name(role, bureau)))
