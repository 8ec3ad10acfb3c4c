"""Where search meets the CMS: what is looked for, and the table of synonyms."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.access import current_account
from search import cms_urls as synonym_urls
from search.insight import cms_urls
from search.insight.policies import can_see_searches
from search.policies import can_keep_synonyms


@hooks.register("register_admin_urls")
def searches_urls() -> list[Any]:
    """The pages under /cms/searches/."""
    return [path("searches/", include(cms_urls))]


class SearchesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_see_searches(current_account(request))


@hooks.register("register_admin_menu_item")
def searches_item() -> MenuItem:
    """'Searches' in the menu of administrators."""
    return SearchesItem(
        _("Searches"), reverse_lazy("searches:searches"), icon_name="search", order=230
    )


@hooks.register("register_admin_urls")
def table_urls() -> list[Any]:
    """The table under /cms/synonyms/."""
    return [path("synonyms/", include(synonym_urls))]


class SynonymsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_keep_synonyms(current_account(request))


@hooks.register("register_admin_menu_item")
def synonyms_item() -> MenuItem:
    """'Synonyms' in the menu of administrators."""
    return SynonymsItem(
        _("Synonyms"), reverse_lazy("synonyms:table"), icon_name="doc-full-inverse", order=231
    )
