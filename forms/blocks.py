"""How editors write a form.

Keys and values are RegexBlocks: wagtail-localize translates every CharBlock, and a translated key
would change what is stored (verified on Wagtail 8.0.1).
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from forms.engine import types
from forms.engine.limits import KNOWN
from forms.engine.schema import OPERATORS

KEY = r"^[a-z][a-z0-9_]{0,59}$"
VALUE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"

TYPES = [
    (
        _("Words and numbers"),
        [
            ("text", _("text, one line")),
            ("textarea", _("text, several lines")),
            ("number", _("a number")),
            ("money", _("sum in soʻm")),
            ("calculated", _("a number computed from other answers")),
        ],
    ),
    (
        _("Day and time"),
        [
            ("date", _("date")),
            ("date_range", _("from a day to a day")),
            ("time", _("time of day")),
            ("reception_day", _("day of an agency's reception")),
        ],
    ),
    (
        _("Choice"),
        [
            ("choice", _("one of several answers")),
            ("select", _("one of several answers, in a list that opens")),
            ("search_select", _("one of many answers, found by typing")),
            ("multi_choice", _("several of several answers")),
            ("yes_no", _("yes or no")),
            ("checkbox", _("one box that may be ticked")),
            ("declaration", _("declaration to be ticked")),
        ],
    ),
    (
        _("People and things"),
        [
            ("phone", _("phone number")),
            ("email", _("e-mail")),
            ("pinfl", _("personal number (PINFL)")),
            ("passport", _("series and number of a passport")),
            ("stir", _("tax number (STIR)")),
            ("bank_account", _("bank account with MFO")),
            ("plate", _("number plate of a vehicle")),
        ],
    ),
    (
        _("Places"),
        [
            ("district", _("city or district")),
            ("address", _("address on one line")),
            ("postal_address", _("address with district and mahalla")),
            ("coordinates", _("point on the map")),
        ],
    ),
    (_("Files"), [("file", _("file")), ("image", _("picture"))]),
    (
        _("Build"),
        [
            ("repeat", _("repeating group of questions")),
            ("content", _("explanatory text, nothing is asked")),
            ("page_break", _("a new page begins here")),
        ],
    ),
]
#: What stands in the list of questions and is none: it ends a step.
PAGE_BREAK = "page_break"
_named = {name for _group, names in TYPES for name, _label in names}
if _named - {PAGE_BREAK} != set(types.known()):
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
    ("options_from", _("list of answers (agencies, receiving)")),
    ("min_items", _("least entries of a repeating group")),
    ("max_items", _("most entries of a repeating group")),
    ("unique", _("different in every entry of the group (true)")),
    ("different_from", _("not the same as the answer to this question")),
    ("max_days", _("most days from the first to the last")),
    ("formula", _("formula (price * count(children))")),
    ("unit", _("unit of a computed number (money)")),
    ("area", _("where a point may lie (republic)")),
    ("agency", _("agency that receives people")),
    ("agency_question", _("question that chooses the agency")),
    ("accept", _("kinds of files (application/pdf)")),
    ("extensions", _("endings of files (pdf jpg)")),
    ("max_size_kb", _("largest file in kB")),
    ("max_files", _("most files")),
    ("min_width_px", _("least width of a picture in px")),
    ("min_height_px", _("least height of a picture in px")),
    ("max_width_px", _("most width of a picture in px")),
    ("max_height_px", _("most height of a picture in px")),
    ("keep_original", _("keep the picture as it was taken (true)")),
]


if {name for name, _label in RULES} != KNOWN:
    raise RuntimeError("Every rule needs a name that editors understand.")


def _key(label: object, *, required: bool = True) -> blocks.RegexBlock:
    return blocks.RegexBlock(
        regex=KEY,
        label=label,
        required=required,
        help_text=_("Small Latin letters, digits, underscore. Never changes. Example: child_pinfl"),
        error_messages={"invalid": _("Small Latin letters, digits and underscores only.")},
    )


def _operator(*, required: bool = False) -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(
        choices=[(name, _OPERATORS[name]) for name in OPERATORS],
        required=required,
        label=_("Comparison"),
    )


def _answer() -> blocks.RegexBlock:
    # Not "value": wagtail-localize takes a child of that name for the raw value of the block.
    return blocks.RegexBlock(
        regex=r"^\S.{0,299}$",
        required=False,
        label=_("Value"),
        help_text=_("Value of an answer; several apart by a space; “true” for a ticked box."),
    )


class FurtherConditionBlock(blocks.StructBlock):
    """One more comparison beside the first."""

    question = _key(_("Key of an earlier question"))
    operator = _operator(required=True)
    answer = _answer()
    other = _key(_("Or the answer to this question"), required=False)

    class Meta:
        icon = "plus"
        label = _("Condition")
        label_format = "{question} {operator} {answer}"


class ConditionBlock(blocks.StructBlock):
    """When a question is asked or a rule holds; empty: always."""

    question = _key(_("Key of an earlier question"), required=False)
    operator = _operator()
    answer = _answer()
    other = _key(_("Or the answer to this question"), required=False)
    join = blocks.ChoiceBlock(
        choices=[("all", _("all of them hold")), ("any", _("any of them holds"))],
        default="all",
        required=False,
        label=_("With further conditions"),
    )
    more = blocks.ListBlock(
        FurtherConditionBlock(), default=[], label=_("Further conditions"), collapsed=True
    )

    class Meta:
        icon = "arrows-up-down"
        label = _("Only if")
        help_text = _("Leave empty for always.")


class OptionBlock(blocks.StructBlock):
    """An answer to choose."""

    value = blocks.RegexBlock(
        regex=VALUE, label=_("Value"), help_text=_("Stored, never changes. Example: mother")
    )
    label = blocks.CharBlock(label=_("Label"), max_length=300, help_text=_("Shown. Example: Ona"))
    condition = ConditionBlock(label=_("Offered only if"))

    class Meta:
        icon = "radio-full"
        label = _("Answer")
        label_format = "{label}"


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


class PlainQuestionBlock(blocks.StructBlock):
    """One question, as it stands in a step or in a repeating group."""

    label = blocks.CharBlock(
        label=_("Question"), max_length=300, help_text=_("Example: Bolaning JShShIRi")
    )
    help = blocks.CharBlock(
        label=_("Help"),
        max_length=400,
        required=False,
        help_text=_("Example: Tugʻilganlik guvohnomasidagi 14 xonali raqam"),
    )
    example = blocks.CharBlock(
        label=_("An answer as example"), max_length=120, required=False,
        help_text=_("Shown beside the help."),
    )  # fmt: skip
    key = _key(_("Key"))
    type = blocks.ChoiceBlock(choices=TYPES, default="text", label=_("Type"))
    required = blocks.BooleanBlock(label=_("Must be answered"), required=False)
    sensitive = blocks.BooleanBlock(
        label=_("Sensitive"), required=False,
        help_text=_("Left out of exports; forgotten first."),
    )  # fmt: skip
    prefill = blocks.RegexBlock(
        regex=r"^(profile|organisation)\.[a-z_]+$",
        required=False,
        label=_("Filled in from"),
        help_text=_("Example: profile.pinfl"),
    )
    options = blocks.ListBlock(OptionBlock(), default=[], label=_("Answers to choose from"))
    validation = blocks.ListBlock(ValidationBlock(), default=[], label=_("Rules"))
    message = blocks.CharBlock(
        label=_("Said where the pattern does not fit"), max_length=300, required=False,
        help_text=_("What is wrong, then what to do."),
    )  # fmt: skip
    condition = ConditionBlock(label=_("Asked only if"))

    class Meta:
        icon = "help"
        label = _("Question")
        label_format = "{label} ({key})"


class QuestionBlock(PlainQuestionBlock):
    """One question of a step; a repeating group holds questions of its own."""

    questions = blocks.ListBlock(
        PlainQuestionBlock(), default=[], collapsed=True,
        label=_("Questions of the repeating group"),
    )  # fmt: skip

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
    sets = blocks.ListBlock(
        SnippetChooserBlock("portal_forms.QuestionSet"), default=[],
        label=_("Shared question sets, asked first"),
    )  # fmt: skip
    questions = blocks.ListBlock(QuestionBlock(), default=[], label=_("Questions"), collapsed=True)
    condition = ConditionBlock(label=_("Asked only if"))

    class Meta:
        icon = "form"
        label = _("Step")
        label_format = "{title}"


class CheckBlock(blocks.StructBlock):
    """A rule across questions: where it holds, the message is said at the question."""

    question = _key(_("Said at the question"))
    condition = ConditionBlock(label=_("It is a mistake if"))
    message = blocks.CharBlock(
        label=_("Message"), max_length=300, help_text=_("What is wrong, then what to do.")
    )

    class Meta:
        icon = "warning"
        label = _("Rule across questions")
        label_format = "{question}: {message}"


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
