"""Doors of the CMS that lead to our own: one place to sign in, with our limits and audit.

Stands before Wagtail's addresses under /cms/. Accounts are ours too: whoever looks for them in
the CMS is led to the administrators' page, where every change is an audited action.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, re_path, reverse
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, NameEmailSettingsPanel

from accounts.safety import safe_next
from accounts.views.common import sign_in_address


@never_cache
def login(request: HttpRequest) -> HttpResponse:
    """Wagtail's sign-in page is ours; nothing posted here is read."""
    return HttpResponseRedirect(sign_in_address(safe_next(request.GET.get("next"), "/cms/")))


@never_cache
def users(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Wagtail's user screens write past our actions: reading leads to ours, writing nowhere."""
    if request.method not in {"GET", "HEAD"}:
        raise Http404
    return HttpResponseRedirect(reverse("accounts:people"))


class OwnSettings(AccountView):
    """Wagtail's own-account page without name and e-mail, which are chosen under My account."""

    def get_panels(self) -> list[Any]:
        """Notifications, language, theme, picture."""
        return [
            panel for panel in super().get_panels() if not isinstance(panel, NameEmailSettingsPanel)
        ]


def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Screens that write past our actions: not there."""
    raise Http404


urlpatterns = [
    path("login/", login),
    path("account/", require_admin_access(OwnSettings.as_view())),
    re_path(r"^password_reset/(?P<rest>.*)\Z", nothing),
    re_path(r"^users/(?P<rest>.*)\Z", users),
    re_path(r"^bulk/accounts/account/(?P<rest>.*)\Z", nothing),
]
