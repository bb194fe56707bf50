from django.urls import path

from forms import views

app_name = "forms"

urlpatterns = [
    path("<slug:key>/", views.start, name="start"),
    path("d/<uuid:uuid>/check/", views.check, name="check"),
    path("d/<uuid:uuid>/delete/", views.delete, name="delete"),
    path("d/<uuid:uuid>/<slug:step_key>/", views.step, name="step"),
    path("sent/<uuid:uuid>/", views.sent, name="sent"),
]
