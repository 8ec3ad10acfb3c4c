"""Where the room meets the editor; drafts, approval and publishing are the desk's."""

from ideas.models import ContestPage
from ideas.panels import contest_handler

# The editor knows forms and actions, so the model may not name it; it is set from this edge.
ContestPage.edit_handler = contest_handler()
