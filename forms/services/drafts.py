"""Drafts: begun, saved page by page, moved to a new version, thrown away."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language

from accounts.models import IdentityLevel, Representation, User
from accounts.selectors import mandates_of, person_value, profile_value
from core import private_files
from forms import uploads, usage
from forms.engine import types
from forms.engine.conditions import kept
from forms.engine.paging import ALL, following, furthest, page, pages
from forms.engine.schema import Schema, Step
from forms.engine.validation import Result, question_of, validate, validate_answers
from forms.models import Attachment, Draft, FormVersion, Signature, Submission


class StaleDraft(Exception):
    """Another tab or phone saved the same page of the draft meanwhile."""


class NotEntitled(Exception):
    """The mandate ended meanwhile, or the account is not known well enough."""


def prefilled(
    schema: Schema, user: User | None, representation: Representation | None
) -> dict[str, Any]:
    """Answers that the profile or the organisation gives; what a question would refuse is left
    out, and asked."""
    answers: dict[str, Any] = {}
    for question in schema.questions():
        text = _prefill(question.prefill, user, representation) if user else ""
        if not text:
            continue
        kind = types.get(question.type)
        try:
            value = kind.parse(question, types.Raw({question.key: text}))
            kind.check_stored(question, value, answers)
        except types.AnswerError:
            continue
        answers[question.key] = value
    return answers


def _prefill(path: str, user: User, representation: Representation | None) -> str:
    person = representation.person if representation else None
    if path.startswith("profile."):
        return person_value(person, path) if person else profile_value(user, path)
    if (
        representation is None
        or representation.organization is None
        or not path.startswith("organisation.")
    ):
        return ""
    match path.removeprefix("organisation."):
        case "stir":
            return representation.organization.stir
        case "name":
            return representation.organization.name
        case "head" if representation.role == Representation.Role.HEAD:
            return profile_value(user, "profile.full_name")
    return ""


@transaction.atomic
def start_draft(
    user: User | None, version: FormVersion, representation: Representation | None = None
) -> Draft:
    """A new draft with what is known already.

    Without an account (`user` None) only where the form asks for none. Raises NotEntitled there,
    and on another's or an old mandate.
    """
    return _start(user, version, representation, prefilled(version.schema, user, representation))


def _start(
    user: User | None,
    version: FormVersion,
    representation: Representation | None,
    answers: Mapping[str, Any],
) -> Draft:
    check_mandate(user, representation)
    schema = version.schema
    if user is None and not is_open(version):
        raise NotEntitled
    usage.record(version, "started")
    return Draft.objects.create(
        user=user,
        representation=representation,
        version=version,
        answers=kept(schema, answers),
        step=pages(schema)[0].key,
    )


def is_open(version: FormVersion) -> bool:
    """Whether a form may be sent without signing in: a free-standing one that asks for nothing."""
    schema = version.schema
    return not schema.service and schema.identification_level == IdentityLevel.NONE


def check_mandate(user: User | None, representation: Representation | None) -> None:
    """Raises NotEntitled where a mandate is another's, or not in force today."""
    if representation is not None and (user is None or representation not in mandates_of(user)):
        raise NotEntitled


def repeat(submission: Submission, version: FormVersion) -> Draft:
    """A draft with the answers of a former request, as far as `version` still asks for them.

    Files are attached anew: a paper may have changed. Raises NotEntitled on a mandate that ended.
    """
    result = validate_answers(version.schema, _without_files(version.schema, submission.answers))
    with transaction.atomic():
        return _start(submission.user, version, submission.representation, result.cleaned)


def _without_files(schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
    by_key = schema.by_key
    return {
        key: value
        for key, value in answers.items()
        if key in by_key and not types.get(by_key[key].type).is_file
    }


@transaction.atomic
def change_version(draft: Draft, version: FormVersion) -> Draft:
    """Move a draft to another version of its form. Answers that do not fit any more are let go;
    the page to go on with is the first that lacks something.

    Raises Draft.DoesNotExist where it was sent or deleted.
    """
    draft = locked_draft(draft)
    schema = version.schema
    result = validate_answers(schema, draft.answers)
    draft.version = version
    draft.answers = kept(schema, result.cleaned)
    lacking = {question_of(name) for name in result.errors}
    first = next((p for p in pages(schema) if any(q.key in lacking for q in p.questions)), None)
    draft.step = first.key if first else furthest(schema, draft.step, draft.step)
    draft.revision += 1
    draft.save()
    uploads.drop_unreferenced(draft)
    return draft


def with_newest_words(draft: Draft) -> Draft:
    """The draft on the newest version of its form, where only words changed since: then the same
    is asked, and nobody needs to be told."""
    newest = draft.newer_version
    if newest is not None and newest.structure_hash == draft.version.structure_hash:
        Draft.objects.filter(pk=draft.pk, version=draft.version).update(version=newest)
        draft.version = newest
    return draft


def is_outdated(draft: Draft) -> bool:
    """Whether its form asks otherwise by now: it may be finished, or move to the new version."""
    newest = draft.newer_version
    return newest is not None and newest.structure_hash != draft.version.structure_hash


@dataclass(frozen=True)
class Saved:
    """What a save gave: the draft as it is now, and what was read."""

    draft: Draft
    result: Result
    #: Everything that is wrong on the page, files too.
    errors: dict[str, str]


def seen(draft: Draft, step: Step) -> str:
    """A mark of the answers of a page: two tabs that show the same have the same."""
    own = {question.key: draft.answers.get(question.key) for question in step.questions}
    text = json.dumps([str(draft.uuid), own], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save_step(
    draft: Draft,
    step_key: str,
    raw: Mapping[str, Any],
    files: uploads.Files | None = None,
    *,
    revision: int,
    mark: str = "",
    language: str | None = None,
    remove: str = "",
    advance: bool = True,
) -> Saved:
    """Keep the good answers and files of one page in place of those it had.

    `remove` is the uuid of a file to take off; without `advance` the draft stays at its page and
    nothing is counted (autosave). Wrong answers come back in `errors` and are not kept. Raises
    StaleDraft where another tab saved this page since `revision` (`mark`: what it showed then),
    KeyError on no such page.
    """
    with private_files.written() as saved:
        return _save_step(
            draft, step_key, raw, files, saved,
            revision=revision, mark=mark, language=language, remove=remove, advance=advance,
        )  # fmt: skip


def _check_unchanged(
    draft: Draft, step: Step, step_key: str, raw: Mapping[str, Any], language: str | None
) -> None:
    """Raises StaleDraft unless the page holds already what is sent: a save under way was overtaken
    by the press of Continue, and nobody has to choose between two equal answers."""
    sent = validate(
        draft.version.schema, None if step_key == ALL else step, raw, language, known=draft.answers
    ).cleaned
    if any(sent.get(q.key) != draft.answers.get(q.key) for q in step.questions):
        raise StaleDraft


def _save_step(
    draft: Draft, step_key: str, raw: Mapping[str, Any], files: uploads.Files | None,
    saved: list[Attachment], *, revision: int, mark: str, language: str | None, remove: str,
    advance: bool,
) -> Saved:  # fmt: skip
    locked = locked_draft(draft)
    schema = locked.version.schema
    step = page(schema, step_key)
    if step is None:
        raise KeyError(step_key)
    if revision != locked.revision and mark != seen(locked, step):
        _check_unchanged(locked, step, step_key, raw, language)
    file_errors: dict[str, str] = {}
    with translation.override(language or get_language()):
        if remove:
            uploads.remove(locked, remove)
        if files is not None:
            file_errors = uploads.take(locked, step, files, saved)
    read = None if step_key == ALL else step
    result = validate(schema, read, raw, language, known=locked.answers)
    _keep(locked, step, result)
    errors = result.errors | {k: text for k, text in file_errors.items() if k in result.asked}
    if advance:
        reached = step_key if errors else following(schema, step_key, locked.answers)
        locked.step = furthest(schema, locked.step, reached)
        usage.record_page(locked.version, step_key, errors)
    locked.save()
    return Saved(locked, result, errors)


def _keep(draft: Draft, step: Step, result: Result) -> None:
    """Put what was read in the place of the answers of a page."""
    schema = draft.version.schema
    own = {question.key for question in step.questions}
    held = {
        key: value
        for key, value in draft.answers.items()
        # A file list that breaks a rule stays, so that the applicant can take files off it.
        if key not in own or (key in schema.by_key and types.get(schema.by_key[key].type).is_file)
    }
    before, draft.answers = draft.answers, kept(schema, held | result.cleaned)
    uploads.drop_unreferenced(draft)
    draft.revision += 1
    if before != draft.answers:
        # A signature is over the answers as they were.
        Signature.objects.filter(draft=draft).delete()


def save_file(draft: Draft, question_key: str, files: uploads.Files, language: str) -> Saved:
    """Add one file to a question: as safe beside another tab as it is alone.

    Raises KeyError where the question takes no files, Draft.DoesNotExist.
    """
    with private_files.written() as saved:
        locked = locked_draft(draft)
        schema = locked.version.schema
        question = schema.by_key[question_key]
        if question_key not in schema.step_of or not types.get(question.type).is_file:
            raise KeyError(question_key)
        alone = Step(key=question_key, title={}, questions=(question,))
        with translation.override(language):
            errors = uploads.take(locked, alone, files, saved)
        uploads.drop_unreferenced(locked)
        locked.revision += 1
        Signature.objects.filter(draft=locked).delete()
        locked.save()
    return Saved(locked, Result({}, errors, frozenset({question_key})), errors)


def locked_draft(draft: Draft) -> Draft:
    """The draft under a row lock. Raises Draft.DoesNotExist where it was sent or deleted.

    What `draft` has read of its version, which never changes, and of its owner is not read again.
    """
    locked = Draft.objects.select_for_update().get(pk=draft.pk)
    for name in ("version", "user"):
        same = getattr(locked, f"{name}_id") == getattr(draft, f"{name}_id")
        if same and name in draft._state.fields_cache:
            setattr(locked, name, getattr(draft, name))
    return locked


@transaction.atomic
def delete_draft(draft: Draft) -> None:
    """Throw a draft away with its files."""
    locked = locked_draft(draft)
    usage.record(locked.version, "abandoned", locked.step)
    private_files.drop(locked.attachments.all())
    locked.delete()


def on_closing(sender: Any, user: User, **kwargs: Any) -> None:
    """An account is closed: its drafts go with their files."""
    for draft in Draft.objects.filter(user=user):
        delete_draft(draft)


def delete_expired() -> int:
    """Delete drafts whose time is over, with their files; how many there were."""
    count = 0
    for draft in Draft.objects.filter(expires_at__lt=timezone.now()):
        delete_draft(draft)
        count += 1
    return count
