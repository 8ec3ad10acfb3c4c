"""What the room hangs in the page tree: its index, and a section for a bureau when first needed."""

from typing import Any

from wagtail.models import Collection

from accounts.models import Bureau
from consultations.models import BureauSectionPage, ConsultationIndexPage
from participation.tree import Branch

BRANCH = Branch(
    ConsultationIndexPage,
    BureauSectionPage,
    {"en": "Consultations", "zh-hant": "諮詢", "zh-hans": "咨询"},
    "consultations",
)
build_index = BRANCH.build_index


def ensure_section(bureau: Bureau) -> dict[str, Any]:
    """The bureau's section in each language, made with its collection when first needed."""
    return BRANCH.ensure_section(bureau, ensure_collection)


def ensure_collection(bureau: Bureau) -> Collection:
    """The bureau's own shelf of pictures and documents; named by its code, which never changes."""
    root = Collection.get_first_root_node()
    if root is None:
        raise RuntimeError("There is no root collection: run setup.")
    found = root.get_children().filter(name=bureau.code).first()
    return found or root.add_child(name=bureau.code)
