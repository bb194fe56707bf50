"""The block library: what the body of an information page is made of.

Every text is a CharBlock, TextBlock or RichTextBlock, since wagtail-localize extracts only those;
Wagtail's own TableBlock is never extracted (wagtail-localize #302), hence a table of our own.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock

RICH = ["h3", "h4", "bold", "ol", "ul", "link", "document-link"]


def rich(label: str | Promise = "", **kwargs: object) -> blocks.RichTextBlock:
    """A rich text block with the features that the portal's style has."""
    return blocks.RichTextBlock(features=RICH, label=label, **kwargs)


class HeadingBlock(blocks.StructBlock):
    """A second-level heading; pages link to it from the list of contents."""

    text = blocks.CharBlock(label=_("Heading"), max_length=150)

    class Meta:
        icon = "title"
        label = _("Heading")
        template = "core/blocks/heading.html"


class AccordionBlock(blocks.StructBlock):
    """Titled parts, open for readers whose browser knows no `details`."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [("title", blocks.CharBlock(label=_("Title"))), ("body", rich(_("Text")))],
        ),
        label=_("Parts"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Accordion")
        template = "core/blocks/accordion.html"


class TableBlock(blocks.StructBlock):
    """A table with a caption and a header row."""

    caption = blocks.CharBlock(label=_("Caption"))
    headers = blocks.ListBlock(blocks.CharBlock(label=_("Header")), label=_("Headers"))
    rows = blocks.ListBlock(
        blocks.StructBlock(
            [("cells", blocks.ListBlock(blocks.CharBlock(required=False, label=_("Cell"))))]
        ),
        label=_("Rows"),
    )

    class Meta:
        icon = "table"
        label = _("Table")
        template = "core/blocks/table.html"


class CalloutBlock(blocks.StructBlock):
    """A short text set apart."""

    kind = blocks.ChoiceBlock(
        choices=[
            ("info", _("Information")),
            ("important", _("Important")),
            ("warning", _("Warning")),
        ],
        default="info",
        label=_("Kind"),
    )
    title = blocks.CharBlock(label=_("Title"))
    text = blocks.TextBlock(label=_("Text"), required=False)

    class Meta:
        icon = "warning"
        label = _("Call-out")
        template = "core/blocks/callout.html"


class ContactBlock(blocks.StructBlock):
    """Where to turn."""

    title = blocks.CharBlock(label=_("Title"))
    phone = blocks.RegexBlock(regex=r"^[+\d][\d\s()-]{2,24}$", required=False, label=_("Phone"))
    email = blocks.EmailBlock(required=False, label=_("E-mail"))
    address = blocks.CharBlock(required=False, label=_("Address"))
    hours = blocks.CharBlock(required=False, label=_("Hours"))

    class Meta:
        icon = "mail"
        label = _("Contact")
        template = "core/blocks/contact.html"


class DownloadBlock(blocks.StructBlock):
    """A file to take away."""

    title = blocks.CharBlock(label=_("Title"))
    document = DocumentChooserBlock(label=_("File"))

    class Meta:
        icon = "download"
        label = _("Download")
        template = "core/blocks/download.html"


class StepsBlock(blocks.StructBlock):
    """What to do, in order."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Title"))),
                ("text", blocks.TextBlock(label=_("Text"), required=False)),
            ]
        ),
        label=_("Steps"),
    )

    class Meta:
        icon = "order"
        label = _("Steps")
        template = "core/blocks/steps.html"


class LinksBlock(blocks.StructBlock):
    """Links to pages of the portal or to other sites."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("title", blocks.CharBlock(label=_("Title"))),
                (
                    "url",
                    blocks.RegexBlock(
                        regex=r"^(https://\S+|[a-z0-9][a-z0-9/_-]*)$",
                        label=_("Address"),
                        help_text=_(
                            "https://… for another site; for a page of the portal its path "
                            "without the language. Example: elektron-hukumat/qoidalar"
                        ),
                    ),
                ),
            ]
        ),
        label=_("Links"),
    )

    class Meta:
        icon = "link"
        label = _("Links")
        template = "core/blocks/links.html"


class VideoLinkBlock(blocks.StructBlock):
    """A video by link: nothing of another site is loaded into the page."""

    title = blocks.CharBlock(label=_("Title"))
    url = blocks.URLBlock(label=_("Address"))
    minutes = blocks.IntegerBlock(label=_("Length in minutes"), min_value=1, required=False)

    class Meta:
        icon = "media"
        label = _("Video (link)")
        template = "core/blocks/video.html"


class QuestionsBlock(blocks.StructBlock):
    """Questions and answers."""

    items = blocks.ListBlock(
        blocks.StructBlock(
            [
                ("question", blocks.CharBlock(label=_("Question"))),
                ("answer", blocks.TextBlock(label=_("Answer"))),
            ]
        ),
        label=_("Questions and answers"),
    )

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        template = "core/blocks/questions.html"


BODY_BLOCKS = [
    ("heading", HeadingBlock()),
    ("paragraph", rich(_("Text"), icon="pilcrow", template="core/blocks/paragraph.html")),
    ("accordion", AccordionBlock()),
    ("table", TableBlock()),
    ("callout", CalloutBlock()),
    ("contact", ContactBlock()),
    ("download", DownloadBlock()),
    ("steps", StepsBlock()),
    ("links", LinksBlock()),
    ("video", VideoLinkBlock()),
    ("questions", QuestionsBlock()),
]
