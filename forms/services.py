"""The verbs of the room, each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Representation, User
from accounts.selectors import mandates_of, profile_value
from forms import compiling, uploads
from forms.engine import types
from forms.engine.checking import problems
from forms.engine.conditions import kept, visible
from forms.engine.schema import Schema, SchemaError
from forms.engine.validation import Result, validate, validate_answers
from forms.models import (
    Attachment,
    Draft,
    FormDefinition,
    FormPage,
    FormVersion,
    Source,
    Submission,
)
from forms.receivers import receiver


class StaleDraft(Exception):
    """Another tab or phone saved the draft meanwhile."""


class Incomplete(Exception):
    """The form cannot be sent yet; `errors` says why by question."""

    def __init__(self, errors: dict[str, str]) -> None:
        self.errors = errors
        super().__init__(f"{len(errors)} answers are missing or wrong")


class NotEntitled(Exception):
    """The mandate ended meanwhile, or the account's level of identity is too low."""


class Unavailable(Exception):
    """Nobody takes forms of this service now."""


@transaction.atomic
def publish_schema(
    definition: FormDefinition, data: Mapping[str, Any], by: User | None = None, *, note: str = ""
) -> FormVersion | None:
    """Write a version if the schema differs from the newest. None where it does not.

    Raises SchemaError where the schema has the wrong shape or contradicts itself.
    """
    schema = Schema.from_json(data)
    flaws = problems(schema)
    if flaws:
        raise SchemaError(" ".join(map(str, flaws)))
    definition = FormDefinition.objects.select_for_update().get(pk=definition.pk)
    newest = definition.current
    if newest is not None and newest.content_hash == schema.content_hash:
        return None
    number = (definition.versions.aggregate(n=Max("number"))["n"] or 0) + 1
    return FormVersion.objects.create(
        definition=definition,
        number=number,
        content=schema.to_json() | {"version": number},
        structure_hash=schema.structure_hash,
        content_hash=schema.content_hash,
        published_by=by,
        note=note,
    )


def compile_form(
    form: FormPage | FormDefinition, *, by: User | None = None, note: str = ""
) -> FormVersion | None:
    """Compile the published pages of a form into a version.

    None where nothing changed, or where the Uzbek page is not published. Raises SchemaError.
    """
    definition = form.definition if isinstance(form, FormPage) else form
    pages = list(
        FormPage.objects.filter(
            definition=definition, live=True, alias_of__isnull=True
        ).select_related("locale", "definition__service")
    )
    source = next((p for p in pages if p.locale.language_code == settings.LANGUAGE_CODE), None)
    if source is None:
        return None
    others = [page for page in pages if page is not source]
    return publish_schema(definition, compiling.schema_json(source, others), by, note=note)


def on_page_changed(sender: Any, page: Any, live: bool, **kwargs: Any) -> None:
    """A form page went live or was taken down in some language."""
    if not isinstance(page, FormPage) or page.alias_of_id:
        return
    if page.locale.language_code == settings.LANGUAGE_CODE:
        FormDefinition.objects.filter(pk=page.definition_id).update(active=live)
    revision = page.live_revision
    compile_form(page, by=revision.user if revision else None)


def prefilled(schema: Schema, user: User, representation: Representation | None) -> dict[str, Any]:
    """Answers that the profile or the organisation gives; what a question would refuse is left
    out, and asked."""
    answers: dict[str, Any] = {}
    for question in schema.questions():
        text = _prefill(question.prefill, user, representation)
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
    if path.startswith("profile."):
        return profile_value(user, path)
    if representation is None or not path.startswith("organisation."):
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
    user: User, version: FormVersion, representation: Representation | None = None
) -> Draft:
    """A new draft with what is known already. Raises NotEntitled on another's or an old mandate."""
    _check_mandate(user, representation)
    schema = version.schema
    return Draft.objects.create(
        user=user,
        representation=representation,
        version=version,
        answers=kept(schema, prefilled(schema, user, representation)),
        step=schema.steps[0].key,
    )


def _check_mandate(user: User, representation: Representation | None) -> None:
    if representation is not None and representation not in mandates_of(user):
        raise NotEntitled


@dataclass(frozen=True)
class Saved:
    """What a save gave: the draft as it is now, and what was read."""

    draft: Draft
    result: Result
    #: Everything that is wrong on the step, files too.
    errors: dict[str, str]


def save_step(
    draft: Draft,
    step_key: str,
    raw: Mapping[str, Any],
    files: uploads.Files | None = None,
    *,
    revision: int,
    language: str | None = None,
    remove: str = "",
) -> Saved:
    """Keep the good answers and files of one step in place of those it had.

    `remove` is the uuid of a file to take off. Wrong answers come back in `errors` and are not
    kept. Raises StaleDraft where another tab saved since `revision`, KeyError on no such step.
    """
    written: list[Attachment] = []
    try:
        return _save_step(
            draft, step_key, raw, files, written,
            revision=revision, language=language, remove=remove,
        )  # fmt: skip
    except BaseException:
        uploads.undo(written)
        raise


@transaction.atomic
def _save_step(
    draft: Draft, step_key: str, raw: Mapping[str, Any], files: uploads.Files | None,
    written: list[Attachment], *, revision: int, language: str | None, remove: str,
) -> Saved:  # fmt: skip
    locked = _locked(draft)
    if revision != locked.revision:
        raise StaleDraft
    schema = locked.version.schema
    step = schema.step(step_key)
    if step is None:
        raise KeyError(step_key)
    file_errors: dict[str, str] = {}
    with translation.override(language or get_language()):
        if remove:
            uploads.remove(locked, remove)
        if files is not None:
            file_errors = uploads.take(locked, step, files, written)
    result = validate(schema, step, raw, language, known=locked.answers)
    own = {question.key for question in step.questions}
    held = {
        key: value
        for key, value in locked.answers.items()
        # A file list that breaks a rule stays, so that the applicant can take files off it.
        if key not in own or types.get(schema.by_key[key].type).is_file
    }
    locked.answers = kept(schema, held | result.cleaned)
    uploads.drop_unreferenced(locked)
    errors = result.errors | {k: text for k, text in file_errors.items() if k in result.asked}
    reached = step_key if errors else following(schema, step_key, locked.answers)
    locked.step = _furthest(schema, locked.step, reached)
    locked.revision += 1
    locked.save()
    return Saved(locked, result, errors)


def _furthest(schema: Schema, first: str, second: str) -> str:
    """The later one of two steps: where to go on another day."""
    order = [step.key for step in schema.steps] + ["check"]
    known = [key for key in (first, second) if key in order]
    return max(known, key=order.index, default=order[0])


def _locked(draft: Draft) -> Draft:
    """The draft under a row lock. Raises Draft.DoesNotExist where it was sent or deleted."""
    rows = Draft.objects.select_for_update(of=("self",)).select_related("version")
    return rows.get(pk=draft.pk)


def following(schema: Schema, step_key: str, answers: Mapping[str, Any]) -> str:
    """Key of the next step on which something is asked; `check` after the last."""
    steps = asked_steps(schema, answers)
    order = [step.key for step in schema.steps]
    later = [key for key in steps if order.index(key) > order.index(step_key)]
    return later[0] if later else "check"


def asked_steps(schema: Schema, answers: Mapping[str, Any]) -> list[str]:
    """Keys of the steps on which something is asked."""
    asked = visible(schema, answers)
    return [step.key for step in schema.steps if any(q.key in asked for q in step.questions)]


def submit(draft: Draft, *, language: str = "") -> Submission:
    """Send a draft. Sending twice gives the same submission: the token is unique.

    The receiver registers it in the same transaction, and the draft goes. Raises Incomplete where
    an answer is missing or wrong, NotEntitled where the mandate or the level of identity no
    longer allows it, Unavailable where nobody takes forms of the service.
    """
    sent = Submission.objects.filter(submit_token=draft.submit_token).first()
    if sent is not None:
        return sent
    try:
        return _submit(draft, language or get_language() or settings.LANGUAGE_CODE)
    except (IntegrityError, Draft.DoesNotExist):
        # Another click was quicker: its submission is this one.
        sent = Submission.objects.filter(submit_token=draft.submit_token).first()
        if sent is None:
            raise
        return sent


@transaction.atomic
def _submit(draft: Draft, language: str) -> Submission:
    draft = _locked(draft)
    schema = draft.version.schema
    _check_mandate(draft.user, draft.representation)
    if not draft.user.reaches(schema.identification_level):
        raise NotEntitled
    result = validate_answers(schema, draft.answers, language)
    attachments = {str(row.uuid): row for row in draft.attachments.all()}
    errors = result.errors | _lost_files(schema, result.cleaned, attachments, language)
    if errors:
        raise Incomplete(errors)
    taker = receiver()
    if draft.version.definition.service_id and taker is None:
        raise Unavailable
    submission = Submission.objects.create(
        # The draft's address leads to the receipt from now on.
        uuid=draft.uuid,
        version=draft.version,
        user=draft.user,
        representation=draft.representation,
        language=language,
        answers=result.cleaned,
        submitted_at=timezone.now(),
        submit_token=draft.submit_token,
        source=Source.PORTAL,
    )
    draft.answers = result.cleaned
    uploads.drop_unreferenced(draft)
    draft.attachments.update(draft=None, submission=submission)
    if draft.version.definition.service_id and taker is not None:
        receipt = taker.accept(submission)
        submission.receipt_number, submission.receipt_url = receipt.number, receipt.url
        submission.save(update_fields=["receipt_number", "receipt_url"])
    draft.delete()
    return submission


def _lost_files(
    schema: Schema, answers: Mapping[str, Any], rows: Mapping[str, Attachment], language: str
) -> dict[str, str]:
    """Questions whose answer names a file that is not there, or that a scanner refused."""
    refused = {Attachment.State.INFECTED, Attachment.State.ERROR}
    errors: dict[str, str] = {}
    with translation.override(language):
        for key, value in answers.items():
            if not types.get(schema.by_key[key].type).is_file:
                continue
            found = [rows.get(str(item["uuid"])) for item in value]
            if any(row is None or row.state in refused for row in found):
                errors[key] = _("The file could not be kept. Attach it again.")
    return errors


@transaction.atomic
def delete_draft(draft: Draft) -> None:
    """Throw a draft away with its files."""
    locked = _locked(draft)
    uploads.drop(locked.attachments.all())
    locked.delete()


def delete_expired() -> int:
    """Delete drafts whose time is over, with their files; how many there were."""
    count = 0
    for draft in Draft.objects.filter(expires_at__lt=timezone.now()):
        delete_draft(draft)
        count += 1
    return count
