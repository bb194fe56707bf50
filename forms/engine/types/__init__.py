"""Question types: from what a browser sends to an answer, and back to what people read."""

from forms.engine.types.appointments import ReceptionDayType
from forms.engine.types.base import (
    AnswerError,
    Part,
    PatternError,
    QuestionType,
    Raw,
    get,
    known,
)
from forms.engine.types.choices import (
    CheckboxType,
    ChoiceType,
    DeclarationType,
    DistrictType,
    MultiChoiceType,
    SearchSelectType,
    SelectType,
    YesNoType,
    offered,
)
from forms.engine.types.dates import DateRangeType, DateType, TimeType
from forms.engine.types.files import FileType, ImageType
from forms.engine.types.groups import RepeatType
from forms.engine.types.identifiers import (
    PassportType,
    PhoneType,
    PinflType,
    PlateType,
    StirType,
)
from forms.engine.types.numbers import MoneyType, NumberType
from forms.engine.types.places import BankAccountType, CoordinatesType, PostalAddressType
from forms.engine.types.shown import CalculatedType, ContentType
from forms.engine.types.texts import AddressType, EmailType, TextareaType, TextType

__all__ = [
    "AddressType", "AnswerError", "BankAccountType", "CalculatedType", "CheckboxType", "ChoiceType",
    "ContentType", "CoordinatesType", "DateRangeType", "DateType", "DeclarationType",
    "DistrictType", "EmailType", "FileType", "ImageType", "MoneyType", "MultiChoiceType",
    "NumberType", "Part", "PassportType", "PatternError", "PhoneType", "PinflType",
    "PlateType", "PostalAddressType", "QuestionType", "Raw", "ReceptionDayType", "RepeatType",
    "SearchSelectType", "SelectType", "StirType", "TextType", "TextareaType", "TimeType",
    "YesNoType", "get", "known", "offered",
]  # fmt: skip
