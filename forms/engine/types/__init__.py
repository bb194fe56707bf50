"""Question types: from what a browser sends to an answer, and back to what people read."""

from forms.engine.types.base import AnswerError, QuestionType, Raw, get, known
from forms.engine.types.choices import (
    CheckboxType,
    ChoiceType,
    DistrictType,
    MultiChoiceType,
    offered,
)
from forms.engine.types.dates import DateType
from forms.engine.types.files import FileType
from forms.engine.types.identifiers import PhoneType, PinflType, StirType
from forms.engine.types.numbers import MoneyType, NumberType
from forms.engine.types.texts import AddressType, EmailType, TextareaType, TextType

__all__ = [
    "AddressType", "AnswerError", "CheckboxType", "ChoiceType", "DateType", "DistrictType",
    "EmailType", "FileType", "MoneyType", "MultiChoiceType", "NumberType", "PhoneType", "PinflType",
    "QuestionType", "Raw", "StirType", "TextType", "TextareaType", "get", "known", "offered",
]  # fmt: skip
