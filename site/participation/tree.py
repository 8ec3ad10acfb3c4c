"""What each room hangs in the page tree: an index a language, and a section for a bureau when
first needed (decision 14).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Max, Q
from wagtail.models import Page

from accounts.models import Bureau
from core import clock
from core.models import HomePage
from core.texts import LANGUAGES, pick
from core.tree import ensure_tree
from participation.models.pages import SectionPage


@dataclass(frozen=True)
class Branch:
    """A room's branch below the home pages."""

    index_class: type[Page]
    section_class: type[SectionPage]
    titles: Mapping[str, str]
    slug: str

    def build_index(self, homes: Mapping[str, HomePage]) -> None:
        """Make the index under each home page; what is there stays."""
        key = None
        for code in LANGUAGES:
            found: Any = self.index_class._default_manager.child_of(homes[code]).first()
            if found is None:
                found = self.index_class(
                    title=self.titles[code],
                    slug=self.slug,
                    locale=homes[code].locale,
                    show_in_menus=True,
                )
                if key:
                    found.translation_key = key
                _hang([(homes[code], found)])
            key = found.translation_key

    def ensure_section(
        self, bureau: Bureau, made: Callable[[Bureau], object] | None = None
    ) -> dict[str, Any]:
        """The bureau's section in each language, made when first needed; then ``made(bureau)``."""
        with transaction.atomic():
            found: dict[str, Any] = {
                section.locale.language_code: section
                for section in self.section_class._default_manager.filter(
                    bureau=bureau
                ).select_related("locale")
            }
            if len(found) < len(LANGUAGES):
                found = self._make(bureau, found)
            if made is not None:
                made(bureau)
        return found

    def _make(self, bureau: Bureau, found: dict[str, Any]) -> dict[str, Any]:
        indexes = self._indexes()
        if len(indexes) < len(LANGUAGES):
            self.build_index(ensure_tree())
            indexes = self._indexes()
        hung: list[tuple[Page, Page]] = []
        for code in LANGUAGES:
            if code in found:
                continue
            section = self.section_class(
                title=pick(bureau.name, code).text or bureau.code,
                slug=bureau.slug,
                bureau=bureau,
                locale=indexes[code].locale,
            )
            if found:
                section.translation_key = next(iter(found.values())).translation_key
            hung.append((indexes[code], section))
            found[code] = section
        _hang(hung)
        return found

    def _indexes(self) -> dict[str, Page]:
        rows = self.index_class._default_manager.select_related("locale")
        return {page.locale.language_code: page for page in rows}


@clock.scope()
@transaction.atomic(savepoint=False)
def _hang(hung: Sequence[tuple[Page, Page]]) -> None:
    """Add pages, each as the last below its parent, that stand from now on.

    No draft goes before what the platform makes itself, and its own words need no validating: so
    not by ``add_child``, which would ask for each thing a page refers to. Raises
    ``ValidationError`` where an address is taken.
    """
    now = clock.now()
    above = Page.objects.select_for_update().filter(pk__in=[parent.pk for parent, _page in hung])
    # The row in hand knows how many children it had when it was read.
    parents = {parent.pk: parent for parent in above.order_by("pk")}
    for known, page in hung:
        parent = parents[known.pk]
        there = parent.get_children().aggregate(
            last=Max("path"), taken=Count("pk", filter=Q(slug=page.slug))
        )
        if there["taken"]:
            raise ValidationError({"slug": f"'{page.slug}' is taken below {parent.url_path}."})
        page.depth = parent.depth + 1
        page.path = (
            Page(path=there["last"])._inc_path()
            if there["last"]
            else Page._get_path(parent.path, page.depth, 1)
        )
        page.draft_title = page.title
        page.first_published_at = page.last_published_at = now
        page._cached_parent_obj = parent
        # Wagtail would look for a site of which it is the first page.
        page._is_site_root = False
        page.save(clean=False)
    Page.objects.filter(pk__in=parents).update(numchild=F("numchild") + 1)
