"""What the shell links to. Addresses are under the language, so they are built by hand here:
the shell must render (error pages too) whichever rooms are wired in.
"""

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.encoding import escape_uri_path
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import nameplate
from core.texts import html_lang, pick

LANGUAGE_LABELS = {"en": "English", "zh-hant": "繁體", "zh-hans": "简体"}


@dataclass(frozen=True)
class Link:
    """One entry of a list of links; ``current`` marks the section the reader is in."""

    href: str
    text: str | Promise
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    """One language of the switcher and of the hreflang list."""

    code: str
    html_lang: str
    text: str
    href: str
    absolute: str
    current: bool


_MAIN = (
    ("consultations/", _("Consultations")),
    ("contests/", _("Idea contests")),
    ("tasks/", _("Tasks")),
    ("products/", _("Try new services")),
    ("about/how/", _("How it works")),
    ("account/", _("My account")),
)
_FOOTER = (
    ("about/notices/", _("Important notices")),
    ("about/privacy/", _("Privacy policy")),
    ("about/accessibility/", _("Accessibility statement")),
    ("about/rules/", _("House rules")),
    ("about/contact/", _("Contact us")),
    ("answers/", _("How bureaux answer")),
    ("about/sitemap/", _("Site map")),
)


def without_language(path: str) -> str | None:
    """The path after its language prefix, without leading slash; None if it has none."""
    first, _slash, rest = path.lstrip("/").partition("/")
    return rest if first in dict(settings.LANGUAGES) else None


class Shell:
    """Everything base.html needs, worked out only when a template asks; name and contact are
    held in memory (``core.nameplate``)."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def language(self) -> str:
        """The page's language (Django's code)."""
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def html_lang(self) -> str:
        """The value of ``<html lang>``."""
        return html_lang(self.language)

    @cached_property
    def home(self) -> str:
        """The home page in this language."""
        return f"/{self.language}/"

    @cached_property
    def search(self) -> str:
        """Where the box in the header leads; '' on that page, which has its own."""
        here = without_language(self._request.path) or ""
        return "" if here == "search/" else f"{self.home}search/"

    @cached_property
    def platform(self) -> str:
        """The platform's name in this language."""
        return pick(nameplate.current().name, self.language).text

    @cached_property
    def renamed(self) -> bool:
        """Whether an administrator gave the platform a name of its own in this language."""
        default = pick(settings.KAIFONG["PLATFORM_NAME"], self.language).text
        return self.platform != default

    @cached_property
    def contact(self) -> dict[str, str]:
        """E-mail and telephone of the people who run the platform."""
        row = nameplate.current()
        return {"email": row.contact_email, "phone": row.contact_phone}

    def _links(self, entries: tuple[tuple[str, Promise], ...]) -> list[Link]:
        here = without_language(self._request.path) or ""
        return [Link(f"{self.home}{path}", text, here.startswith(path)) for path, text in entries]

    @cached_property
    def navigation(self) -> list[Link]:
        """The sections in the bar under the header."""
        return self._links(_MAIN)

    @cached_property
    def footer(self) -> list[Link]:
        """The standard pages every page ends with."""
        return self._links(_FOOTER)

    @cached_property
    def origin(self) -> str:
        """Scheme and host; empty for an unknown host, which still gets a readable 400."""
        try:
            return f"{self._request.scheme}://{self._request.get_host()}"
        except DisallowedHost:
            return ""

    @cached_property
    def languages(self) -> list[LanguageLink]:
        """This same page, query kept, in each language."""
        # The path arrives decoded: it is encoded again before it goes into an address.
        rest = escape_uri_path(without_language(self._request.path) or "")
        query = self._request.GET.copy()
        query.pop("switch_language", None)
        tail = f"?{urlencode(list(query.lists()), doseq=True)}" if query else ""
        return [
            LanguageLink(
                code=code,
                html_lang=html_lang(code),
                text=LANGUAGE_LABELS[code],
                href=f"/{code}/{rest}{tail}",
                absolute=f"{self.origin}/{code}/{rest}{tail}",
                current=code == self.language,
            )
            for code, _name in settings.LANGUAGES
        ]

    @cached_property
    def canonical(self) -> str:
        """The absolute address of this page in this language."""
        return next(link.absolute for link in self.languages if link.current)

    @cached_property
    def default(self) -> str:
        """The absolute address for readers of other languages (x-default: English)."""
        return next(link.absolute for link in self.languages if link.code == "en")
