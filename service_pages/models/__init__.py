"""Agencies' pages and offices, services with their passports, topics and life events."""

from service_pages.models.approval import FourEyesTask
from service_pages.models.pages import AgencyIndexPage, AgencyPage, ServicePage
from service_pages.models.passport import (
    FeeRule,
    LegalBasis,
    ProcedureStep,
    RefusalGround,
    RequiredDocument,
    ServiceQuestion,
    ServiceSample,
    TermRule,
)
from service_pages.models.relations import (
    CoAgency,
    RelatedService,
    ServiceAudience,
    ServiceChannel,
    ServiceLifeEvent,
    ServiceTopic,
)
from service_pages.models.rows import (
    CatalogueEntry,
    CatalogueFacet,
    Discount,
    LifeEvent,
    Office,
    PassportVersion,
    Service,
    ServiceFigures,
    Topic,
)
from service_pages.models.translation import TranslationBatch, TranslationTask

__all__ = [
    "AgencyIndexPage", "AgencyPage", "CatalogueEntry", "CatalogueFacet", "CoAgency", "Discount",
    "FeeRule", "FourEyesTask", "LegalBasis", "LifeEvent", "Office", "PassportVersion", "ProcedureStep",
    "RefusalGround", "RelatedService", "RequiredDocument", "Service", "ServiceAudience",
    "ServiceChannel", "ServiceFigures", "ServiceLifeEvent", "ServicePage", "ServiceQuestion",
    "ServiceSample", "ServiceTopic", "TermRule", "Topic", "TranslationBatch", "TranslationTask",
]  # fmt: skip
