from django.urls import path

from payments.sandbox import views

app_name = "payments_sandbox"

urlpatterns = [
    path("api/", views.api, name="api"),
    path("<slug:provider>/", views.cashier, name="cashier"),
]
