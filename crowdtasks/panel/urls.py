"""Addresses of the panel."""

from django.urls import path

from crowdtasks.panel.views import desk, invitation, session_desk, sessions, volunteer

app_name = "panel"

urlpatterns = [
    path("volunteers/", volunteer.purpose, name="purpose"),
    path("volunteers/me/", volunteer.own, name="own"),
    path("volunteers/me/leave/", volunteer.leave, name="leave"),
    path("e/<slug:public_id>/invitation/", invitation.invitation, name="invitation"),
    path("e/<slug:public_id>/invitation/accept/", invitation.accept, name="accept"),
    path("e/<slug:public_id>/invitation/decline/", invitation.decline, name="decline"),
    path("e/<slug:public_id>/sessions/", sessions.sessions, name="sessions"),
    path("e/<slug:public_id>/sessions/<slug:session_id>/book/", sessions.book, name="book"),
    path("e/<slug:public_id>/sessions/<slug:session_id>/cancel/", sessions.cancel, name="cancel"),
    path("e/<slug:public_id>/sessions/<slug:session_id>.ics", sessions.calendar, name="calendar"),
    path("e/<slug:public_id>/volunteers/", desk.desk, name="desk"),
    path("e/<slug:public_id>/volunteers/sessions/", session_desk.sessions, name="session_list"),
    path(
        "e/<slug:public_id>/volunteers/sessions/<slug:session_id>/",
        session_desk.session,
        name="session",
    ),
    path(
        "e/<slug:public_id>/volunteers/sessions/<slug:session_id>/off/",
        session_desk.off,
        name="off",
    ),
    path(
        "e/<slug:public_id>/volunteers/sessions/<slug:session_id>/notes/<slug:observation_id>/",
        session_desk.finding,
        name="finding",
    ),
    path(
        "e/<slug:public_id>/volunteers/sessions/<slug:session_id>/<slug:booking_id>/",
        session_desk.attendance,
        name="attendance",
    ),
    path("e/<slug:public_id>/volunteers/open/", desk.open_all, name="open"),
    path("e/<slug:public_id>/volunteers/invitations.<slug:form>", desk.export, name="export"),
    path("e/<slug:public_id>/volunteers/<slug:by>/", desk.plan, name="plan"),
]
