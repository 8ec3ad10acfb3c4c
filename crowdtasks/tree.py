"""What the room hangs in the page tree: the list of tasks, and a section for a bureau."""

from crowdtasks.models import TaskIndexPage, TaskSectionPage
from participation.tree import Branch

BRANCH = Branch(
    TaskIndexPage,
    TaskSectionPage,
    {"en": "What can be done now", "zh-hant": "現在可以做的任務", "zh-hans": "现在可以做的任务"},
    "tasks",
)
build_index = BRANCH.build_index
ensure_section = BRANCH.ensure_section
