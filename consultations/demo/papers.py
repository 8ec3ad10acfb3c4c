"""All papers of the demonstration, in the order they are made."""

from .libraries import LIBRARIES
from .others import CAMPING, CYCLING, GLASS, HARBOUR, PETS
from .waste import WASTE

PAPERS = [WASTE, LIBRARIES, CYCLING, HARBOUR, PETS, CAMPING, GLASS]
