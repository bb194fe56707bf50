from django.urls import path

from casework import views, views_appeals, views_messages, views_public

app_name = "casework"

urlpatterns = [
    path("", views.my_requests, name="my_requests"),
    path("messages/", views_messages.index, name="messages"),
    path("messages/<int:pk>/", views_messages.open_message, name="message_open"),
    path("data/", views_public.my_data, name="my_data"),
    path("status/", views.status, name="status"),
    path("verify/", views_public.verify, name="verify"),
    path("verify/<str:number>/<str:code>/", views_public.verified, name="verified"),
    path("status/report/", views_appeals.report_by_code, name="report_by_code"),
    path("appeal/", views_appeals.write, name="appeal"),
    path("appeal/sent/", views_appeals.sent, name="appeal_sent"),
    path("claim/", views.claim, name="claim"),
    path("<uuid:uuid>/", views.request_page, name="request"),
    path("<uuid:uuid>/receipt/", views.receipt, name="receipt"),
    path("<uuid:uuid>/message/", views.message, name="message"),
    path("<uuid:uuid>/complain/", views.complain, name="complain"),
    path("<uuid:uuid>/report/", views_appeals.report_delay, name="report_delay"),
    path("<uuid:uuid>/rate/", views.rate, name="rate"),
    path("<uuid:uuid>/withdraw/", views.withdraw, name="withdraw"),
]
