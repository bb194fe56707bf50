from django.urls import path

from core import views

app_name = "core"

urlpatterns = [path("page-code.svg", views.page_code, name="page_code")]
