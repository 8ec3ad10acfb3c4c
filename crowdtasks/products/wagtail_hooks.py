"""Where the room meets the editor; drafts, approval and publishing are the desk's."""

from crowdtasks.products.models import ProductPage, RoundPage
from crowdtasks.products.panels import product_handler, round_handler

# The editor knows forms and actions, so the model may not name it; it is set from this edge.
ProductPage.edit_handler = product_handler()
RoundPage.edit_handler = round_handler()
