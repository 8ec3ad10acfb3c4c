"""Addresses of catalogue and stock for administrators, hung under /cms/ by ``wagtail_hooks``."""

from django.urls import path

from crowdtasks.rewards.views import stock, stock_acts

app_name = "rewards_stock"

urlpatterns = [
    path("", stock.rewards, name="rewards"),
    path("new/", stock.new, name="new"),
    path("redemptions/", stock.find_redemption, name="find"),
    path("redemptions/<slug:public_id>/", stock.redemption, name="redemption"),
    path("batches/<slug:public_id>/withdraw/", stock_acts.withdraw_batch_view, name="batch"),
    path("<slug:public_id>/", stock.reward, name="reward"),
    path("<slug:public_id>/edit/", stock.edit, name="edit"),
    path("<slug:public_id>/codes/", stock.codes, name="codes"),
    path("<slug:public_id>/units/", stock.units, name="units"),
    path("<slug:public_id>/offer/", stock_acts.offer, name="offer"),
    path("<slug:public_id>/withdraw/", stock_acts.withdraw, name="withdraw"),
]
