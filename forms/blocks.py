"""How editors write a form.

Keys and values are RegexBlocks: wagtail-localize translates every CharBlock, and a translated key
would change what is stored (verified on Wagtail 8.0.1).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from forms.engine import types
from forms.engine.schema import OPERATORS

KEY = r"^[a-z][a-z0-9_]{0,59}$"
VALUE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"

TYPES = [
    ("text", _("text, one line")),
    ("textarea", _("text, several lines")),
    ("number", _("a number")),
    ("money", _("sum in soʻm")),
    ("date", _("date")),
    ("choice", _("one of several answers")),
    ("multi_choice", _("several of several answers")),
    ("checkbox", _("one box: yes, or a declaration")),
    ("file", _("file")),
    ("phone", _("phone number")),
    ("email", _("e-mail")),
    ("address", _("address")),
    ("district", _("city or district")),
    ("pinfl", _("personal number (PINFL)")),
    ("stir", _("tax number (STIR)")),
]
if {name for name, _label in TYPES} != set(types.known()):
    raise RuntimeError("Every question type needs a name that editors understand.")

_OPERATORS = {
    "equals": _("is"),
    "not_equals": _("is not"),
    "in": _("is one of"),
    "contains": _("contains"),
    "filled": _("is answered"),
    "empty": _("is not answered"),
    "gt": _("is more than"),
    "lt": _("is less than"),
}
RULES = [
    ("max_length", _("most characters")),
    ("min_length", _("least characters")),
    ("regex", _("pattern")),
    ("min", _("least number, or earliest date (today+14d)")),
    ("max", _("greatest number, or latest date (today-1y)")),
    ("step", _("step of a number")),
    ("min_question", _("not before the date of this question")),
    ("min_choices", _("least answers")),
    ("max_choices", _("most answers")),
    ("options_from", _("list of answers (agencies)")),
    ("accept", _("kinds of files (application/pdf)")),
    ("extensions", _("endings of files (pdf jpg)")),
    ("max_size_kb", _("largest file in kB")),
    ("max_files", _("most files")),
    ("min_width_px", _("least width of a picture in px")),
    ("min_height_px", _("least height of a picture in px")),
]


def _key(label: object, *, required: bool = True) -> blocks.RegexBlock:
    return blocks.RegexBlock(
        regex=KEY,
        label=label,
        required=required,
        help_text=_("Small Latin letters, digits, underscore. Never changes. Example: child_pinfl"),
        error_messages={"invalid": _("Small Latin letters, digits and underscores only.")},
    )


class OptionBlock(blocks.StructBlock):
    """An answer to choose."""

    value = blocks.RegexBlock(
        regex=VALUE, label=_("Value"), help_text=_("Stored, never changes. Example: mother")
    )
    label = blocks.CharBlock(label=_("Label"), max_length=300, help_text=_("Shown. Example: Ona"))

    class Meta:
        icon = "radio-full"
        label = _("Answer")
        label_format = "{label}"


class ConditionBlock(blocks.StructBlock):
    """When a question is asked or a rule holds; empty: always."""

    question = _key(_("Key of an earlier question"), required=False)
    operator = blocks.ChoiceBlock(
        choices=[(name, _OPERATORS[name]) for name in OPERATORS],
        required=False,
        label=_("Comparison"),
    )
    # Not "value": wagtail-localize takes a child of that name for the raw value of the block.
    answer = blocks.RegexBlock(
        regex=r"^\S.{0,299}$",
        required=False,
        label=_("Value"),
        help_text=_("Value of an answer; several apart by a space; “true” for a ticked box."),
    )

    class Meta:
        icon = "arrows-up-down"
        label = _("Only if")
        help_text = _("Leave empty for always.")


class ValidationBlock(blocks.StructBlock):
    """A rule that answers keep, such as `max_length` = `120`."""

    name = blocks.ChoiceBlock(choices=RULES, label=_("Rule"))
    value = blocks.RegexBlock(
        regex=r"^\S.{0,299}$", label=_("Value"), help_text=_("A list is written with spaces.")
    )

    class Meta:
        icon = "check"
        label = _("Rule")
        label_format = "{name}: {value}"


class QuestionBlock(blocks.StructBlock):
    """One question."""

    label = blocks.CharBlock(
        label=_("Question"), max_length=300, help_text=_("Example: Bolaning JShShIRi")
    )
    help = blocks.CharBlock(
        label=_("Help"),
        max_length=400,
        required=False,
        help_text=_("Example: Tugʻilganlik guvohnomasidagi 14 xonali raqam"),
    )
    key = _key(_("Key"))
    type = blocks.ChoiceBlock(choices=TYPES, default="text", label=_("Type"))
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    prefill = blocks.RegexBlock(
        regex=r"^(profile|organisation)\.[a-z_]+$",
        required=False,
        label=_("Filled in from"),
        help_text=_("Example: profile.pinfl"),
    )
    options = blocks.ListBlock(OptionBlock(), default=[], label=_("Answers to choose from"))
    validation = blocks.ListBlock(ValidationBlock(), default=[], label=_("Rules"))
    condition = ConditionBlock(label=_("Asked only if"))

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{label} ({key})"


class StepBlock(blocks.StructBlock):
    """A page of the form."""

    title = blocks.CharBlock(
        label=_("Title"), max_length=200, help_text=_("Example: Arizachi maʼlumotlari")
    )
    key = _key(_("Key"))
    questions = blocks.ListBlock(QuestionBlock(), label=_("Questions"), collapsed=True)

    class Meta:
        icon = "form"
        label = _("Step")
        label_format = "{title}"


class RuleBlock(blocks.StructBlock):
    """Points to a term, a fee or a discount of the service's passport."""

    target = blocks.RegexBlock(
        regex=r"^[A-Za-z0-9_-]{1,60}$",
        label=_("Key in the passport"),
        help_text=_("Key of the term or fee, code of the discount. Example: standard"),
    )
    condition = ConditionBlock()

    class Meta:
        icon = "arrow-right"
        label = _("Rule")
        label_format = "{target}"
