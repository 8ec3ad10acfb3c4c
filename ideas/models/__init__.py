from .coauthor import CoAuthor
from .contest import Category, Contest, Criterion, RulesVersion
from .idea import (
    LOTS,
    Idea,
    IdeaDraft,
    IdeaStatus,
    IdeaTag,
    IdeaVersion,
    Screened,
    TaggedIdea,
)
from .jury import Interest, Judgement, Juror, Mark
from .jury_result import JuryPlace, JuryResult
from .office import Merge, OfficialReply, Screening, StatusChange
from .pages import ContestIndexPage, ContestPage, ContestSectionPage
from .result import Basis, ContestResult, Distinction, ResultPlace
from .tally import IdeaTotal, ResultPiece, VoteResult
from .voting import ContestVote, IdeaCost

__all__ = [
    "LOTS",
    "Basis",
    "Category",
    "CoAuthor",
    "Contest",
    "ContestIndexPage",
    "ContestPage",
    "ContestResult",
    "ContestSectionPage",
    "ContestVote",
    "Criterion",
    "Distinction",
    "Idea",
    "IdeaCost",
    "IdeaDraft",
    "IdeaStatus",
    "IdeaTag",
    "IdeaTotal",
    "IdeaVersion",
    "Interest",
    "Judgement",
    "Juror",
    "JuryPlace",
    "JuryResult",
    "Mark",
    "Merge",
    "OfficialReply",
    "ResultPiece",
    "ResultPlace",
    "RulesVersion",
    "Screened",
    "Screening",
    "StatusChange",
    "TaggedIdea",
    "VoteResult",
]
