from .attachment import Attachment, AttachmentState
from .ballot import Ballot, Choice, Vote, VoteEvent
from .choices import VoteChoice, VotePaper
from .comment import Comment, Side, SideTaken, Support, Thread, label_of
from .contribution import (
    Channel,
    Contribution,
    ContributionKind,
    ContributionState,
    ContributionVersion,
    PublishChoice,
)
from .engagement import (
    Engagement,
    EngagementState,
    ModerationPolicy,
    Phase,
    PublicNotice,
    ResultsFrom,
)
from .follow import Follow
from .imported import ImportedEntry
from .outcome import Citation, Outcome, OutcomeItem, OutcomeStep, Verdict
from .pending import PendingAct
from .receipt import Receipt

__all__ = [
    "Attachment",
    "AttachmentState",
    "Ballot",
    "Channel",
    "Choice",
    "Citation",
    "Comment",
    "Contribution",
    "ContributionKind",
    "ContributionState",
    "ContributionVersion",
    "Engagement",
    "EngagementState",
    "Follow",
    "ImportedEntry",
    "ModerationPolicy",
    "Outcome",
    "OutcomeItem",
    "OutcomeStep",
    "PendingAct",
    "Phase",
    "PublicNotice",
    "PublishChoice",
    "Receipt",
    "ResultsFrom",
    "Side",
    "SideTaken",
    "Support",
    "Thread",
    "Verdict",
    "Vote",
    "VoteChoice",
    "VoteEvent",
    "VotePaper",
    "label_of",
]
