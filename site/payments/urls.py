from django.urls import path

from payments import views

app_name = "payments"

urlpatterns = [
    path("", views.invoices, name="invoices"),
    path("export.<slug:ending>", views.export, name="export"),
    path("receipt/<str:token>/", views.verify, name="verify"),
    path("<uuid:uuid>/", views.invoice, name="invoice"),
    path("<uuid:uuid>/back/", views.come_back, name="return"),
    path("<uuid:uuid>/with/<slug:provider>/", views.pay, name="pay"),
    path("<uuid:uuid>/invoice.pdf", views.invoice_pdf, name="invoice_pdf"),
    path("<uuid:uuid>/receipt.pdf", views.receipt_pdf, name="receipt_pdf"),
]
