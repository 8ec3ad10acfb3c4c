"""Our addresses, and the bare ones they are compared with."""

from django.urls import path

from bench import bare
from config.urls import *  # noqa: F403
from config.urls import urlpatterns as ours

urlpatterns = [
    path("bare/page/<int:size>/", bare.page),
    path("bare/vote/", bare.vote),
    path("bare/cpu/", bare.cpu),
    path("bare/consultations/", bare.consultations),
    path("bare/comments/<str:public_id>/", bare.comments),
    *ours,
]
