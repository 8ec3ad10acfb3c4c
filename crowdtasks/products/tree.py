"""What the room hangs in the page tree: the list of products, and a section for a bureau."""

from crowdtasks.products.models import ProductIndexPage, ProductSectionPage
from participation.tree import Branch

BRANCH = Branch(
    ProductIndexPage,
    ProductSectionPage,
    {"en": "Try new services", "zh-hant": "試用新服務", "zh-hans": "试用新服务"},
    "products",
)
build_index = BRANCH.build_index
ensure_section = BRANCH.ensure_section
