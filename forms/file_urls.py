from django.urls import path

from forms import views

urlpatterns = [
    path("form.schema.json", views.json_schema, name="form_schema"),
    path("<uuid:uuid>/", views.download, name="attachment"),
]
