"""Formats of Uzbek, Cyrillic script: 2026 йил 5 март.

Django's own widgets and filters use these; what people read comes from `languages.dates`. Month
names are those of our catalogues, small in Uzbek and Karakalpak.
"""

DATE_FORMAT = r"Y \й\и\л j F"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"Y \й\и\л j F, H:i"
YEAR_MONTH_FORMAT = r"Y \й\и\л F"
MONTH_DAY_FORMAT = r"j F"
SHORT_DATE_FORMAT = "d.m.Y"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
DATE_INPUT_FORMATS = ["%d.%m.%Y", "%Y-%m-%d"]
TIME_INPUT_FORMATS = ["%H:%M", "%H:%M:%S"]
DATETIME_INPUT_FORMATS = [
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
NUMBER_GROUPING = 3
