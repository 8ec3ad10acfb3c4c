"""What the room hangs in the page tree: the list of contests, and a section for a bureau."""

from ideas.models import ContestIndexPage, ContestSectionPage
from participation.tree import Branch

BRANCH = Branch(
    ContestIndexPage,
    ContestSectionPage,
    {"en": "Idea contests", "zh-hant": "點子比賽", "zh-hans": "点子比赛"},
    "contests",
)
build_index = BRANCH.build_index
ensure_section = BRANCH.ensure_section
