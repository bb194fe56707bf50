from django.urls import path

from casework import views

app_name = "quality"

urlpatterns = [path("", views.quality_page, name="agencies")]
