from .invitation import Invitation
from .plan import Draw, Plan, Seat, Turn
from .session import Booking, Chair, Observation, Session, SessionKind
from .volunteer import Volunteer

__all__ = [
    "Booking",
    "Chair",
    "Draw",
    "Invitation",
    "Observation",
    "Plan",
    "Seat",
    "Session",
    "SessionKind",
    "Turn",
    "Volunteer",
]
