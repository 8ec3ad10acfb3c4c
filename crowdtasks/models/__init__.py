from .campaign import Campaign, CampaignKind, Claim, Place, ReviewRule
from .pages import CampaignPage, TaskIndexPage, TaskSectionPage
from .review import Appeal, Review, Verdict

__all__ = [
    "Appeal",
    "Campaign",
    "CampaignKind",
    "CampaignPage",
    "Claim",
    "Place",
    "Review",
    "ReviewRule",
    "TaskIndexPage",
    "TaskSectionPage",
    "Verdict",
]
