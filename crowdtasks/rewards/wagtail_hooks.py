"""Where the room meets the CMS: catalogue and stock for administrators."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.access import current_account
from crowdtasks.rewards import cms_urls
from crowdtasks.rewards.policies import can_manage_rewards


@hooks.register("register_admin_urls")
def stock_urls() -> list[Any]:
    """The stock under /cms/rewards/."""
    return [path("rewards/", include(cms_urls))]


class RewardsItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return can_manage_rewards(current_account(request))


@hooks.register("register_admin_menu_item")
def rewards_item() -> MenuItem:
    """'Rewards' in the menu of administrators."""
    return RewardsItem(_("Rewards"), reverse("rewards_stock:rewards"), icon_name="pick", order=220)
