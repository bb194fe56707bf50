"""The term that follows from the answers (see `rules`)."""

from forms.engine.rules import term_key

__all__ = ["term_key"]
