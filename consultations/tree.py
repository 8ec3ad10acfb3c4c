"""What the room hangs in the page tree: its index, and a section for a bureau when first needed."""

from collections.abc import Mapping

from django.db import transaction
from wagtail.models import Collection, Page

from accounts.models import Bureau
from consultations.models import BureauSectionPage, ConsultationIndexPage
from core.models import HomePage
from core.texts import LANGUAGES, pick
from core.tree import ensure_tree

INDEX_TITLES = {"en": "Consultations", "zh-hant": "諮詢", "zh-hans": "咨询"}
INDEX_SLUG = "consultations"


def build_index(homes: Mapping[str, HomePage]) -> None:
    """Make the list of consultations under each home page; what is there stays."""
    key = None
    for code in LANGUAGES:
        found = ConsultationIndexPage.objects.child_of(homes[code]).first()
        if found is None:
            found = ConsultationIndexPage(
                title=INDEX_TITLES[code],
                slug=INDEX_SLUG,
                locale=homes[code].locale,
                show_in_menus=True,
            )
            if key:
                found.translation_key = key
            _hang(homes[code], found)
        key = found.translation_key


def _hang(parent: Page, page: Page) -> None:
    # The row in hand knows how many children it had when it was read.
    Page.objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()


@transaction.atomic
def ensure_section(bureau: Bureau) -> dict[str, BureauSectionPage]:
    """The bureau's section in each language, made with its collection when first needed."""
    found = {
        section.locale.language_code: section
        for section in BureauSectionPage.objects.filter(bureau=bureau).select_related("locale")
    }
    if len(found) < len(LANGUAGES):
        indexes = {
            page.locale.language_code: page
            for page in ConsultationIndexPage.objects.select_related("locale")
        }
        if len(indexes) < len(LANGUAGES):
            build_index(ensure_tree())
            return ensure_section(bureau)
        for code in LANGUAGES:
            if code in found:
                continue
            section = BureauSectionPage(
                title=pick(bureau.name, code).text or bureau.code,
                slug=bureau.slug,
                bureau=bureau,
                locale=indexes[code].locale,
            )
            if found:
                section.translation_key = next(iter(found.values())).translation_key
            _hang(indexes[code], section)
            found[code] = section
    ensure_collection(bureau)
    return found


def ensure_collection(bureau: Bureau) -> Collection:
    """The bureau's own shelf of pictures and documents; named by its code, which never changes."""
    root = Collection.get_first_root_node()
    if root is None:
        raise RuntimeError("There is no root collection: run setup.")
    found = root.get_children().filter(name=bureau.code).first()
    return found or root.add_child(name=bureau.code)
