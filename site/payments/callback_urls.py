"""Where providers call: outside the languages, an address for each account."""

from django.urls import path

from payments import callbacks

app_name = "payments_callbacks"

urlpatterns = [
    path("<slug:provider>/<uuid:account>/", callbacks.callback, name="callback"),
]
