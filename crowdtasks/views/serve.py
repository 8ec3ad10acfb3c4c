"""Which view answers for which page of the tree; connected when the app is ready."""

from core import serving
from crowdtasks.models import CampaignPage, TaskIndexPage, TaskSectionPage
from crowdtasks.views.campaign import campaign
from crowdtasks.views.register import index, section


def connect() -> None:
    """Register the views of the room's pages."""
    serving.register(TaskIndexPage, index)
    serving.register(TaskSectionPage, section)
    serving.register(CampaignPage, campaign)
