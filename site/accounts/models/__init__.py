from .account import Account
from .bureau import Bureau
from .invitation import EmailCode, Invitation
from .person import Level, Person
from .role import Role, RoleGrant

__all__ = [
    "Account",
    "Bureau",
    "EmailCode",
    "Invitation",
    "Level",
    "Person",
    "Role",
    "RoleGrant",
]
