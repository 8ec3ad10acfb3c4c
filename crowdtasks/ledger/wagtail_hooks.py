"""Where the ledger meets the CMS: a way to the books, for administrators."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.access import current_account
from crowdtasks.ledger.policies import can_keep_books


class BooksItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_keep_books(current_account(request))


@hooks.register("register_admin_menu_item")
def books_item() -> MenuItem:
    """'Points ledger' in the menu of administrators, beside the rewards."""
    return BooksItem(_("Points ledger"), reverse_lazy("ledger:books"), icon_name="table", order=221)
