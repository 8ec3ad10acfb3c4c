from .invitation import Invitation
from .plan import Draw, Plan, Seat, Turn
from .volunteer import Volunteer

__all__ = ["Draw", "Invitation", "Plan", "Seat", "Turn", "Volunteer"]
