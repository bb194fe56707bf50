"""What visitors meet first: pages of the front of the house, and the site's own furniture."""

from home.models.announcements import AnnouncementIndexPage, AnnouncementPage
from home.models.documents import DocumentIndexPage, DocumentRelation, LegalDocumentPage
from home.models.feedback import PageComment, PageVote
from home.models.furniture import MenuItem, Notice, Phone, UsefulLink
from home.models.pages import ContactPage, HomePage, InformationPage, SectionPage, StatisticsPage
from home.models.site_settings import SpellingSettings, shows_new_latin

__all__ = [
    "AnnouncementIndexPage",
    "AnnouncementPage",
    "ContactPage",
    "DocumentIndexPage",
    "DocumentRelation",
    "HomePage",
    "InformationPage",
    "LegalDocumentPage",
    "MenuItem",
    "Notice",
    "PageComment",
    "PageVote",
    "Phone",
    "SectionPage",
    "SpellingSettings",
    "StatisticsPage",
    "UsefulLink",
    "shows_new_latin",
]
