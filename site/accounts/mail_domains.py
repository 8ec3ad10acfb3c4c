"""How many accounts one mail domain may begin: a farm of addresses under one name (AB-A11).

Who owns a domain has as many addresses in it as they like, and each proves its mailbox. The big
providers limit that themselves and are shared by everybody, so they are not counted; nor are the
domains a deployment names (its own, a university's on the last day). What is counted is accounts
that are *begun*, after the mailbox was proven: nobody can use up a stranger's domain by asking for
codes, and the refusal tells nobody whether an address has an account.
"""

from django.conf import settings

#: Providers with an address for everybody, as they are used in Hong Kong.
_SHARED = """
gmail.com googlemail.com outlook.com outlook.com.hk hotmail.com hotmail.com.hk live.com
live.hk msn.com yahoo.com yahoo.com.hk ymail.com rocketmail.com icloud.com me.com mac.com
aol.com proton.me protonmail.com fastmail.com gmx.com gmx.net zoho.com hey.com tutanota.com
netvigator.com hkbn.net biznetvigator.com i-cable.com hknet.com smartone.com three.com.hk
qq.com foxmail.com 163.com 126.com yeah.net sina.com sohu.com 139.com 189.cn aliyun.com
"""
SHARED = frozenset(_SHARED.split())
#: Second levels under which names are registered: example.com.hk is one owner's.
_SECOND = {"com", "co", "net", "org", "edu", "gov", "ac", "idv", "gen", "or", "ne", "go"}


def owner_of(address: str) -> str | None:
    """The registered domain of a cleaned address; None where it is not counted.

    Below it every name is its owner's: a.example and b.example under one roof count together.
    """
    labels = address.rpartition("@")[2].lower().strip(".").split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _SECOND and len(labels[-1]) == 2 else 2
    domain = ".".join(labels[-size:])
    free = SHARED | {each.strip().lower() for each in settings.KAIFONG["UNCOUNTED_MAIL_DOMAINS"]}
    # Never by the end of the text: evilgov.hk is nobody's office.
    return None if domain in free or labels[-2:] == ["gov", "hk"] else domain
