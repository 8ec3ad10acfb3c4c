"""Addresses of rewards: the catalogue, what one redeemed, the counter."""

from django.urls import path

from crowdtasks.rewards.views import catalogue, counter, own

app_name = "rewards"

urlpatterns = [
    path("rewards/", catalogue.catalogue, name="catalogue"),
    path("rewards/for-me/", catalogue.for_me, name="for_me"),
    path("rewards/mine/", own.mine, name="mine"),
    path("rewards/mine/<slug:public_id>/", own.redemption, name="redemption"),
    path("rewards/mine/<slug:public_id>/code/", own.code, name="code"),
    path("rewards/counter/", counter.counter, name="counter"),
    path("rewards/counter/<slug:public_id>/", counter.prize, name="prize"),
    path("rewards/<slug:public_id>/", catalogue.reward, name="reward"),
    path("rewards/<slug:public_id>/redeem/", own.redeem, name="redeem"),
]
