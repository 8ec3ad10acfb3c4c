"""Where the room meets the editor; drafts, approval and publishing are the desk's."""

from crowdtasks.models import CampaignPage
from crowdtasks.panels import campaign_handler

# The editor knows forms and actions, so the model may not name it; it is set from this edge.
CampaignPage.edit_handler = campaign_handler()
