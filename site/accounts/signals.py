"""What other rooms may hook on. All are sent inside the transaction, after the rows are written.

A receiver that raises undoes the act, which is what is wanted: a role without its fence in the
CMS must not exist.
"""

from django.dispatch import Signal

#: account, role (str), bureau (Bureau or None), granted (bool), grant (RoleGrant), by.
role_changed = Signal()

#: invitation (accepted), account; the role is granted already.
invitation_accepted = Signal()

#: account, name (str), version (int), previous (str).
name_chosen = Signal()

#: account, suspended (bool).
suspension_changed = Signal()

#: account, first (bool: there was none before).
password_changed = Signal()

#: account (with its new address), old (str: the address as it was, '' if never confirmed).
email_changed = Signal()

#: email, language; sent when the account's row is gone, for an address that was confirmed.
account_closed = Signal()
