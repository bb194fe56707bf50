"""Where providers call: outside the languages, an address for each account."""

from django.urls import path

from payments import callbacks
from payments.sandbox import merchant

app_name = "payments_callbacks"

urlpatterns = [
    # The sandbox at Click's merchant API: what we ask goes out by the same calls.
    path("sandbox/click/", merchant.nothing, name="click_merchant"),
    path("sandbox/click/payment/status/<int:service>/<int:payment>", merchant.status),
    path("sandbox/click/payment/status_by_mti/<int:service>/<str:number>/<str:day>", merchant.find),
    path("sandbox/click/payment/reversal/<int:service>/<int:payment>", merchant.reversal),
    path("sandbox/click/payment/ofd_data/submit_items", merchant.items),
    path("<slug:provider>/<uuid:account>/", callbacks.callback, name="callback"),
]
