"""One translation as people make it: opened, drafted, sent, approved; never live by itself.

wagtail-localize writes a draft into the row that readers see and turns an alias into a page before
anybody has approved a word (verified on 1.14.5). Here a draft is a revision and nothing else, and
an alias stays one for readers until the first approved text is published.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Revision
from wagtail_localize.models import StringTranslation, Translation, TranslationSource
from wagtail_localize.segments.extract import extract_segments
from wagtail_localize.segments.types import StringSegmentValue

from core.publishing import Problem
from core.segments import Recorded
from languages import convert_html, registry
from languages.tidying import tidy

if TYPE_CHECKING:
    from core.models import BasePage

#: How the log of a page names an approval in spite of what is missing.
ACTION = "portal.approve_incomplete"

#: (reason, who gave it)
_accepted: ContextVar[tuple[str, Any]] = ContextVar("incomplete_accepted", default=("", None))


def is_source(page: Page) -> bool:
    """Whether other languages are translated from this page: it is in Uzbek and no alias."""
    return page.alias_of_id is None and page.locale.language_code == settings.LANGUAGE_CODE


def by_people(locale: Locale) -> bool:
    """Whether a language is translated by people: neither the source nor derived from it."""
    code = locale.language_code
    return code != settings.LANGUAGE_CODE and code not in registry.DERIVED


def open_translation(page: Page) -> Translation | None:
    """The translation that fills this page, where wagtail-localize keeps one."""
    return (
        Translation.objects.filter(
            source__object_id=page.translation_key,
            source__locale__language_code=settings.LANGUAGE_CODE,
            target_locale_id=page.locale_id,
            enabled=True,
        )
        .select_related("source__locale", "target_locale")
        .first()
    )


def open_for(sources: Iterable[TranslationSource], locales: Sequence[Locale]) -> None:
    """Open translations of recorded pages into languages that people translate; safe to repeat."""
    Translation.objects.bulk_create(
        [
            Translation(source=source, target_locale=locale)
            for source in sources
            for locale in locales
            if by_people(locale)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


def take_over(recorded: Recorded, page: Page) -> None:
    """Remember the texts of a page that was written before its translation was opened.

    Otherwise all of them would wait to be translated once more.
    """
    own = {
        (segment.path, segment.order): segment.string.data
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue)
    }
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of=recorded.strings[segment.string.data],
                context=recorded.contexts[segment.path],
                locale_id=page.locale_id,
                data=own[segment.path, segment.order],
                translation_type=StringTranslation.TRANSLATION_TYPE_MANUAL,
            )
            for segment in recorded.segments
            if isinstance(segment, StringSegmentValue)
            and own.get((segment.path, segment.order), segment.string.data) != segment.string.data
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    Translation.objects.filter(source=recorded.source, target_locale=page.locale_id).update(
        destination_last_updated_at=timezone.now()
    )


def is_wordless(segment: StringSegmentValue) -> bool:
    """Whether a text has no letter: a number, a sign, a blank line of a form."""
    return not any(letter.isalpha() for letter in segment.string.render_text())


def repeat_wordless(recorded: Recorded, locale: Locale) -> None:
    """Numbers and signs are the same in every language: nobody has to translate them."""
    StringTranslation.objects.bulk_create(
        [
            StringTranslation(
                translation_of=recorded.strings[segment.string.data],
                context=recorded.contexts[segment.path],
                locale=locale,
                data=segment.string.data,
                translation_type=StringTranslation.TRANSLATION_TYPE_MACHINE,
            )
            for segment in recorded.segments
            if isinstance(segment, StringSegmentValue) and is_wordless(segment)
        ],
        ignore_conflicts=True,
        batch_size=500,
    )


class Unfit(ValidationError):
    """A translated text does not fit its field; `mark` says so beside the text."""

    def __init__(self, translation: Translation, error: ValidationError) -> None:
        self.translation = translation
        super().__init__(error.error_dict if hasattr(error, "error_dict") else error.messages)

    def mark(self) -> None:
        """Show the translator which texts are meant; call it outside the failed transaction."""
        for name, errors in getattr(self, "error_dict", {}).items():
            rows = StringTranslation.objects.filter(
                context__object_id=self.translation.source.object_id,
                context__path=name,
                locale=self.translation.target_locale,
            )
            for row in rows:
                row.set_field_error(errors)


@transaction.atomic
def save_draft(translation: Translation, user: Any = None) -> Revision:
    """Keep the texts of a translation as a draft of its page. Readers see no difference.

    Raises Unfit where a text does not fit its field.
    """
    page = translation.source.get_ephemeral_translated_instance(
        translation.target_locale, fallback=True
    )
    # An alias takes no revision; the row stays one until this draft is published.
    page.alias_of_id = None
    if page.depth == 2:
        # The slug of a home page stands in no address and is its own.
        page.slug = Page.objects.values_list("slug", flat=True).get(pk=page.pk)
    try:
        page.full_clean()
    except ValidationError as error:
        raise Unfit(translation, error) from error
    revision: Revision = page.save_revision(user=user, log_action=True, clean=False)
    return revision


# -- what a translation lacks ----------------------------------------------------------------------


@contextmanager
def accepted(reason: str, by: Any = None) -> Iterator[None]:
    """Publish a translation in spite of what it lacks; `reason` goes into the page's history."""
    token = _accepted.set((reason.strip(), by))
    try:
        yield
    finally:
        _accepted.reset(token)


def lacks(page: Page, revision: Revision | None) -> list[Problem]:
    """Why a draft of a translation is not ready to be read; empty where it is.

    Texts that nobody translated, and a draft that is older than its source or its texts.
    """
    if not by_people(page.locale):
        return []
    translation = open_translation(page)
    if translation is None:
        return []
    total, done = translation.get_progress()
    if done < total:
        return [
            Problem("", _("Texts that are not translated: %(count)s.") % {"count": total - done})
        ]
    if revision is not None and _texts(revision.as_object()) != _texts(
        translation.source.get_ephemeral_translated_instance(
            translation.target_locale, fallback=True
        )
    ):
        return [Problem("", _("The draft is older than the texts: send it for approval again."))]
    return []


def _texts(page: Page) -> list[tuple[str, str]]:
    # A page is tidied when it is saved, the texts that fill it perhaps are not.
    language = page.locale.language_code
    return [
        (segment.path, convert_html(segment.string.data, lambda text: tidy(text, language)))
        for segment in extract_segments(page)
        if isinstance(segment, StringSegmentValue)
    ]


def problems(page: BasePage, revision: Revision) -> list[Problem]:
    """What keeps a revision of a translation from readers.

    An approver's reason lets pass what it lacks; a page whose source nobody may read waits.
    """
    found = lacks(page, revision)
    reason, by = _accepted.get()
    if found and reason:
        log(
            instance=page,
            action=ACTION,
            user=by,
            revision=revision,
            data={"reason": reason, "lacks": [str(problem.message) for problem in found]},
        )
        found = []
    if by_people(page.locale) and open_translation(page) is not None:
        source = Page.objects.filter(
            translation_key=page.translation_key, locale__language_code=settings.LANGUAGE_CODE
        )
        if not source.live().exists():
            found.append(Problem("", _("The Uzbek page is not published.")))
    return found


def becomes_a_page(page: BasePage, revision: Revision) -> None:
    """An approved text of its own takes the alias's place, in the same transaction."""
    Page.objects.filter(pk=page.pk).update(alias_of=None)
    page.alias_of_id = revision.content_object.alias_of_id = None
    log(
        instance=page,
        action="wagtail.convert_alias",
        revision=revision,
        data={"page": {"id": page.pk, "title": page.title}},
    )
