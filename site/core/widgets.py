"""Form fields of the editor's side that every room may use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.tidying import tidied
from languages import registry


class TextMapWidget(forms.MultiWidget):
    """One input per language, each with the language's own name beside it."""

    template_name = "core/widgets/text_map.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, rows: int = 0) -> None:
        self.codes = [code for code, _name in settings.LANGUAGES]
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {
            code.replace("-", "_"): forms.Textarea(attrs={"rows": rows})
            if rows
            else forms.TextInput()
            for code in self.codes
        }
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        """A text map as a list in the order of the languages."""
        texts = value or {}
        return [texts.get(code, "") for code in self.codes]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the languages' names."""
        context = super().get_context(name, value, attrs)
        names = [name for _code, name in settings.LANGUAGES]
        for subwidget, label in zip(context["widget"]["subwidgets"], names, strict=True):
            subwidget["language_name"] = label
        for subwidget, code in zip(context["widget"]["subwidgets"], self.codes, strict=True):
            # For the browser's spelling check, screen readers, and the press for Cyrillic.
            subwidget["attrs"] |= {"lang": registry.by_code(code).bcp47, "data-text-language": code}
        return context


class TextMapFormField(forms.MultiValueField):
    """A text map; Uzbek is required where the field is, the Cyrillic text may be left to us."""

    def __init__(self, *, rows: int = 0, **kwargs: Any) -> None:
        for unused in ("encoder", "decoder"):
            kwargs.pop(unused, None)
        self.codes = [code for code, _name in settings.LANGUAGES]
        fields = [forms.CharField(required=False, max_length=4000) for _code in self.codes]
        kwargs.pop("widget", None)
        super().__init__(
            fields, widget=TextMapWidget(rows=rows), require_all_fields=False, **kwargs
        )

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """The list back as a map without empty texts. Raises ValidationError without Uzbek."""
        texts = {
            code: tidied(text.strip(), code)
            for code, text in zip(self.codes, data_list, strict=False)
            if text
        }
        if self.required and not texts.get(settings.LANGUAGE_CODE):
            raise forms.ValidationError(_("Write the text in Uzbek."))
        return texts

    def clean(self, value: Any) -> dict[str, str]:
        """An empty map instead of an empty string."""
        return super().clean(value) or {}
