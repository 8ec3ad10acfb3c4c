"""Tables of search: what can be found, to whom it belongs, how often its words are."""

from search.models.document import SearchDoc
from search.models.scope import SearchScope
from search.models.token import SearchToken

__all__ = ["SearchDoc", "SearchScope", "SearchToken"]
