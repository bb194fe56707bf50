"""Is it an answer? A decision says something of this matter, or the applicant waited for nothing.

A request is not closed by words that fit every request: politeness, "your appeal was considered",
the question said back, a text of the library as it stands, a blank left to fill in. The rule is
lenient: whatever holds a few words of its own, in any script or spelling, passes; a file or a
result document carries the answer itself. A service may be granted in a word where the result
follows: it is completed only with a result, or with words that say what was handed over. Nobody's
text is judged beyond that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework import desk
from casework.graph import DECISIONS, State
from casework.models import Kind, RequestEvent, ServiceRequest
from languages.uzbek.fold import fold_word, split

#: Words of its own that an answer has, and letters in all.
FEWEST_WORDS, FEWEST_LETTERS = 3, 15
#: Letters where something else carries the answer.
FEWEST_CARRIED = 4
#: What is wrong with a text → what to say.
SAYS: dict[str, str | Promise] = {
    "short": _("The answer is too short. Say what was decided and why, in a sentence at least."),
    "stock": _("These words fit every request. Say what was decided about this one."),
    "echo": _("The answer only says the question back. Say what was decided."),
    "blank": _("Something is left to fill in: a bracket or a line. Fill it in, or take it out."),
    "template": _("This is the library's text as it stands. Add what concerns this appeal."),
    "again": _("The same words were the answer before. Say what is different now."),
    "result": _(
        "Nothing was given to the applicant yet. Attach the result, or say in a sentence what was "
        "handed over and where."
    ),
    "points": _(
        "The applicant asks several numbered things. Answer each; number the answers alike."
    ),
}
#: Sentences that say nothing of a matter, in the languages of the portal; compared folded, so that
#: each script and spelling is one.
_STOCK = (
    "Assalomu alaykum", "Hurmatli fuqaro", "Hurmatli murojaatchi", "Hurmatli arizachi",
    "Hurmat bilan", "Murojaatingiz uchun rahmat", "Murojaatingiz uchun tashakkur",
    "Arizangiz uchun rahmat", "Murojaatingiz koʻrib chiqildi", "Arizangiz koʻrib chiqildi",
    "Sizning murojaatingiz koʻrib chiqildi", "Sizning arizangiz koʻrib chiqildi",
    "Murojaatingiz oʻrganib chiqildi", "Murojaatingiz qabul qilindi", "Arizangiz qabul qilindi",
    "Koʻrib chiqildi", "Oʻrganib chiqildi", "Maʼlumot uchun qabul qilindi",
    "Qonunchilikka muvofiq koʻrib chiqildi", "Belgilangan tartibda koʻrib chiqildi",
    "Tegishli choralar koʻriladi", "Tegishli choralar koʻrildi", "Bajarildi", "Javob berildi",
    "Maʼlum qilamiz", "Shuni maʼlum qilamizki", "Muhtaram fuqaro",
    "Здравствуйте", "Уважаемый заявитель", "Уважаемая заявительница", "Уважаемый гражданин",
    "С уважением", "Спасибо за обращение", "Благодарим за обращение",
    "Ваше обращение рассмотрено", "Ваше заявление рассмотрено", "Ваше обращение принято",
    "Рассмотрено", "Принято к сведению", "Принято к исполнению", "Будут приняты меры",
    "Приняты соответствующие меры", "Рассмотрено в установленном порядке", "Исполнено",
    "Сообщаем следующее", "Сообщаем что",
    "Ássalawma áleykum", "Húrmetli puqara", "Húrmet penen", "Múrájatıńız kórip shıǵıldı",
    "Arzańız kórip shıǵıldı", "Kórip shıǵıldı", "Múrájatıńız ushın raxmet",
    "Tiyisli ilajlar kóriledi", "Orınlandı",
    "Dear applicant", "Dear citizen", "Thank you for your appeal", "Thank you for your request",
    "Your appeal was considered", "Your appeal has been considered", "Your request was considered",
    "Your request has been considered", "Considered", "Taken note", "Noted", "Done",
    "Measures will be taken", "Best regards", "Sincerely", "Regards",
)  # fmt: skip
#: `{number}` of the library is filled in by itself; what else stands in brackets is a blank.
_BLANK = re.compile(
    r"\{[^{}\n]{0,40}\}|\[(?!\d+\])[^\[\]\n]{0,40}\]|_{3,}|…{2,}|\.{5,}|<[^\W\d_][^<>\n@/:]{0,40}>"
)
_POINT = re.compile(r"^\s*(\d{1,2})[.)]\s+\S", re.MULTILINE)
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n+")


#: Texts of a library that an answer is compared with.
_MOST_TEXTS = 200


@dataclass(frozen=True)
class Matter:
    """What an answer answers."""

    #: What the applicant wrote.
    asked: str = ""
    #: Texts of the agency's library in the applicant's language, where one alone is no answer.
    library: Iterable[str] = field(default=())
    #: What was answered before it was considered again.
    before: Iterable[str] = field(default=())
    #: Whether something else carries the answer: a file, a result document, the result of a service.
    carried: bool = False


def matter_of(request: ServiceRequest, *, carried: bool, alike: bool) -> Matter:
    """What an answer to a request answers. `alike`: one answer to many, which may be the library's."""
    answers = request.submission.answers
    asked = "\n".join(value for value in answers.values() if isinstance(value, str))
    templates: list[str] = []
    if request.kind != Kind.REQUEST and not alike:
        templates = [desk.filled(one, request) for one in desk.library(request)[:_MOST_TEXTS]]
    decided = RequestEvent.objects.filter(request=request, to_state__in=DECISIONS)
    before = [
        str(event.text.content.get("public", ""))
        for event in decided.select_related("text")
        if hasattr(event, "text")
    ]
    return Matter(asked, templates, before, carried)


def lacks_result(request: ServiceRequest) -> bool:
    """Whether what was granted has brought its applicant neither a file nor words of substance."""
    decided = RequestEvent.objects.filter(request=request, to_state=State.APPROVED)
    event = decided.select_related("text").last()
    content = event.text.content if event is not None and hasattr(event, "text") else {}
    return not content.get("files") and bool(problem(content.get("public", ""), Matter()))


def folded(text: str) -> list[str]:
    """The words of a text without scripts, spellings and signs."""
    return [word for word in map(fold_word, split(text)) if word]


def _without_stock(words: list[str]) -> list[str]:
    """The words less sentences that fit every request, the longest first."""
    line = f" {' '.join(words)} "
    for sentence in _stock():
        line = line.replace(f" {sentence} ", "  ")
    return line.split()


_folded_stock: list[str] = []


def _stock() -> list[str]:
    if not _folded_stock:
        found = {" ".join(folded(sentence)) for sentence in _STOCK}
        _folded_stock.extend(sorted(found, key=len, reverse=True))
    return _folded_stock


def _points(text: str) -> set[int]:
    """Numbers of the points that a text lists: at least two, from one on."""
    found = {int(number) for number in _POINT.findall(text)}
    return found if {1, 2} <= found else set()


def _answers_points(text: str, points: set[int]) -> bool:
    """Whether each point is answered: by its number, or as many sentences as there are points."""
    if points <= _points(text):
        return True
    sentences = [part for part in _SENTENCE.split(text) if len(folded(part)) > 1]
    return len(sentences) >= len(points)


def problem(text: str, matter: Matter) -> str:
    """What is wrong with a text as an answer, a key of SAYS; "" where it is one."""
    if _BLANK.search(text):
        return "blank"
    words = folded(text)
    own = _without_stock(words)
    if matter.carried:
        if len("".join(own)) >= FEWEST_CARRIED:
            return ""
    elif len(set(own)) >= FEWEST_WORDS and len("".join(own)) >= FEWEST_LETTERS:
        return _of_the_matter(text, words, own, matter)
    return "short" if own == words else "stock"


def _of_the_matter(text: str, words: list[str], own: list[str], matter: Matter) -> str:
    """What is wrong with a text that is long enough."""
    asked = set(folded(matter.asked))
    if len(asked) >= FEWEST_WORDS and not set(own) - asked:
        return "echo"
    whole = " ".join(words)
    if any(whole == " ".join(folded(one)) for one in matter.before):
        return "again"
    if any(whole == " ".join(folded(one)) for one in matter.library):
        return "template"
    if not _answers_points(text, _points(matter.asked)):
        return "points"
    return ""
