"""The page tree every part hangs its pages in: root, one home page a language, and what apps add.

``ensure_tree`` may be run at any time and any number of times; it makes what is missing and leaves
what editors wrote. Addresses are ``/<language>/…``: the home pages are translations of one another,
so Wagtail serves each below its language's prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Collection, Locale, Page, Site

from core.models import HomePage, PlatformSettings
from core.texts import LANGUAGES, pick

TreeBuilder = Callable[[Mapping[str, HomePage]], None]
_builders: dict[str, TreeBuilder] = {}


def register_tree_builder(name: str, builder: TreeBuilder) -> None:
    """Add what an app hangs below the home pages; called from its ``AppConfig.ready()``.

    ``builder`` gets the home pages by language, inside the transaction, in the order of
    registration, and must be idempotent itself.
    """
    known = _builders.get(name)
    if known is not None and known.__qualname__ != builder.__qualname__:
        raise ValueError(f"The tree builder '{name}' is registered already.")
    _builders[name] = builder


@transaction.atomic
def ensure_tree() -> dict[str, HomePage]:
    """Make locales, root, home pages, site and the apps' pages where missing; the home pages."""
    locales = _ensure_locales()
    root = _ensure_root(locales["en"])
    homes = _ensure_homes(root, locales)
    _ensure_site(homes["en"])
    _remove_welcome(root)
    for builder in _builders.values():
        builder(homes)
    return homes


def _ensure_locales() -> dict[str, Locale]:
    return {code: Locale.all_objects.get_or_create(language_code=code)[0] for code in LANGUAGES}


def _ensure_root(locale: Locale) -> Page:
    root = Page.get_first_root_node()
    if root is None:
        root = Page.add_root(instance=Page(title="Root", slug="root", locale=locale))
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    return root


def _ensure_homes(root: Page, locales: Mapping[str, Locale]) -> dict[str, HomePage]:
    names = PlatformSettings.load().name
    homes: dict[str, HomePage] = {}
    known = {
        home.locale.language_code: home
        for home in HomePage.objects.child_of(root).select_related("locale")
    }
    for code in LANGUAGES:
        home = known.get(code)
        if home is None:
            home = HomePage(
                title=pick(names, code).text or settings.WAGTAIL_SITE_NAME,
                slug=code,
                locale=locales[code],
            )
            if homes or known:
                home.translation_key = next(
                    iter([*homes.values(), *known.values()])
                ).translation_key
            # The row in hand knows how many children it had when it was read.
            root = Page.objects.get(pk=root.pk)
            root.add_child(instance=home)
            home.save_revision().publish()
            home.refresh_from_db()
        homes[code] = home
    return homes


def _ensure_site(home: HomePage) -> None:
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(is_default_site=True)
    wanted = {
        "hostname": base.hostname or "localhost",
        "port": base.port or (443 if base.scheme == "https" else 80),
        "root_page_id": home.pk,
        "site_name": home.title,
    }
    if any(getattr(site, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(site, name, value)
        site.save()


def _remove_welcome(root: Page) -> None:
    """Wagtail's own first page: a plain page nobody edited, straight below the root."""
    plain = Page.objects.child_of(root).filter(
        slug="home", content_type__app_label="wagtailcore", content_type__model="page"
    )
    for page in plain.filter(numchild=0, latest_revision__isnull=True):
        page.delete()
