from django.urls import path

from forms import views

urlpatterns = [path("<uuid:uuid>/", views.download, name="attachment")]
