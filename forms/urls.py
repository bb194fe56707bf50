from django.urls import path

from forms import views

app_name = "forms"

urlpatterns = [
    path("<slug:key>/", views.start, name="start"),
    path("d/<uuid:uuid>/check/", views.check, name="check"),
    path("d/<uuid:uuid>/changes/", views.changes, name="changes"),
    path("d/<uuid:uuid>/delete/", views.delete, name="delete"),
    path("d/<uuid:uuid>/sign/", views.sign, name="sign"),
    path("d/<uuid:uuid>/file/<slug:question>/", views.add_file, name="file"),
    path("d/<uuid:uuid>/<slug:step_key>/", views.step, name="step"),
    path("sent/<uuid:uuid>/", views.sent, name="sent"),
    path("sent/<uuid:uuid>/pdf/", views.pdf, name="pdf"),
    path("sent/<uuid:uuid>/repeat/", views.repeat, name="repeat"),
]
