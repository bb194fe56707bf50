"""Where providers call: outside the languages, an address for each account."""

from django.urls import path

from payments import callbacks
from payments.sandbox import merchant

app_name = "payments_callbacks"

#: The sandbox at Click's merchant API: what we ask goes out by the same calls.
_CLICK = "sandbox/click/payment"

urlpatterns = [
    path(f"{_CLICK}/status/<int:service>/<int:payment>", merchant.status, name="click_status"),
    path(
        f"{_CLICK}/status_by_mti/<int:service>/<str:number>/<str:day>",
        merchant.find,
        name="click_find",
    ),
    path(
        f"{_CLICK}/reversal/<int:service>/<int:payment>", merchant.reversal, name="click_reversal"
    ),
    path(f"{_CLICK}/ofd_data/submit_items", merchant.items, name="click_items"),
    path("<slug:provider>/<uuid:account>/", callbacks.callback, name="callback"),
]
