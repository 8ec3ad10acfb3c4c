"""Addresses of the panel."""

from django.urls import path

from crowdtasks.panel.views import desk, invitation, volunteer

app_name = "panel"

urlpatterns = [
    path("volunteers/", volunteer.purpose, name="purpose"),
    path("volunteers/me/", volunteer.own, name="own"),
    path("volunteers/me/leave/", volunteer.leave, name="leave"),
    path("e/<slug:public_id>/invitation/", invitation.invitation, name="invitation"),
    path("e/<slug:public_id>/invitation/accept/", invitation.accept, name="accept"),
    path("e/<slug:public_id>/invitation/decline/", invitation.decline, name="decline"),
    path("e/<slug:public_id>/volunteers/", desk.desk, name="desk"),
    path("e/<slug:public_id>/volunteers/open/", desk.open_all, name="open"),
    path("e/<slug:public_id>/volunteers/invitations.<slug:form>", desk.export, name="export"),
    path("e/<slug:public_id>/volunteers/<slug:by>/", desk.plan, name="plan"),
]
