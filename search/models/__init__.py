"""Tables of search: what can be found, whose it is, how often its words are, what is asked."""

from search.models.change import SearchChange
from search.models.document import SearchDoc
from search.models.insight import SearchAsked, SearchOpened
from search.models.like import SearchCompared, SearchLike
from search.models.saved import (
    Every,
    SavedHit,
    SavedQuestion,
    SavedSearch,
    SavedToken,
    SearchArrival,
)
from search.models.scope import SearchScope
from search.models.synonym import SynonymGroup
from search.models.token import SearchToken

__all__ = [
    "Every",
    "SavedHit",
    "SavedQuestion",
    "SavedSearch",
    "SavedToken",
    "SearchArrival",
    "SearchAsked",
    "SearchChange",
    "SearchCompared",
    "SearchDoc",
    "SearchLike",
    "SearchOpened",
    "SearchScope",
    "SearchToken",
    "SynonymGroup",
]
