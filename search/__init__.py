"""One search box over everything. Empty until the search issue builds it."""
