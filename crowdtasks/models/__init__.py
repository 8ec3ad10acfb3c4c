from .campaign import Campaign, CampaignKind, Claim, Place, ReviewRule
from .pages import CampaignPage, TaskIndexPage, TaskSectionPage
from .part import Decision, Funded, Objection, Part
from .review import Appeal, Review, Verdict

__all__ = [
    "Appeal",
    "Campaign",
    "CampaignKind",
    "CampaignPage",
    "Claim",
    "Decision",
    "Funded",
    "Objection",
    "Part",
    "Place",
    "Review",
    "ReviewRule",
    "TaskIndexPage",
    "TaskSectionPage",
    "Verdict",
]
