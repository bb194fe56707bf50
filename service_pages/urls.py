from django.urls import path

from service_pages import views

app_name = "catalogue"

urlpatterns = [
    path("", views.catalogue, name="all"),
    path("topic/<slug:topic>/", views.by_topic, name="topic"),
    path("event/<slug:event>/", views.by_event, name="event"),
    path("for/<slug:audience>/", views.by_audience, name="audience"),
    path("sample/<slug:service>/<slug:sample>/", views.sample, name="sample"),
    path("agency/<slug:agency>/", views.by_agency, name="agency"),
]
