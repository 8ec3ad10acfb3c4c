from .campaign import Campaign, CampaignKind, Claim, Place, ReviewRule
from .pages import CampaignPage, TaskIndexPage, TaskSectionPage

__all__ = [
    "Campaign",
    "CampaignKind",
    "CampaignPage",
    "Claim",
    "Place",
    "ReviewRule",
    "TaskIndexPage",
    "TaskSectionPage",
]
