"""Uzbek and Karakalpak language handling. Importing this package needs no Django."""

from languages.markup import convert_html

__all__ = ["convert_html"]
