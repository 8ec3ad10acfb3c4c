"""How long public pages with places left are kept."""

import datetime as dt

#: A place is taken at any time, and a kept page is not thrown away for each: open pages are told
#: over the socket, and nobody loses more than the way to a page that says the same.
PLACES_KEPT = dt.timedelta(seconds=20)


def soon(now: dt.datetime) -> dt.datetime:
    """Until when a page that shows places left is kept."""
    return now + PLACES_KEPT
