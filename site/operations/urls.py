from django.urls import path

from operations import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("hooks/sms/<str:secret>/", views.sms_callback, name="sms_callback"),
    path("readyz", views.readyz, name="readyz"),
]
