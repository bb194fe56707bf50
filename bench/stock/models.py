"""The form page of Wagtail's guide, with the fields that ours has in the benchmark."""

from modelcluster.fields import ParentalKey
from wagtail.contrib.forms.models import AbstractEmailForm, AbstractFormField


class StockField(AbstractFormField):
    """A question."""

    page = ParentalKey("StockFormPage", related_name="form_fields")


class StockFormPage(AbstractEmailForm):
    """A form that stores what is sent, and mails it."""

    template = "stock/landing.html"
    landing_page_template = "stock/landing.html"
