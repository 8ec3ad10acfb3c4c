from .account import Account
from .bureau import Bureau
from .invitation import EmailCode, Invitation
from .person import Level, Person
from .role import Role, RoleGrant
from .token import ApiToken

__all__ = [
    "Account",
    "ApiToken",
    "Bureau",
    "EmailCode",
    "Invitation",
    "Level",
    "Person",
    "Role",
    "RoleGrant",
]
