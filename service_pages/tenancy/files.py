"""Images and documents: each agency's in a collection of its own, beside one that all share."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from wagtail import hooks
from wagtail.documents import get_document_model
from wagtail.documents.api.admin.views import DocumentsAdminAPIViewSet
from wagtail.documents.views import documents
from wagtail.images import get_image_model
from wagtail.images.api.admin.views import ImagesAdminAPIViewSet
from wagtail.images.views import images
from wagtail.permissions import policy_registry


class _Chosen:
    """An endpoint of the API for choosers: what its reader may choose."""

    request: Any

    def get_queryset(self) -> QuerySet[Any]:
        """Rows in the reader's collections; Wagtail would list all."""
        rows = super().get_queryset()
        policy = policy_registry.get_by_type(rows.model)
        mine = policy.instances_user_has_any_permission_for(self.request.user, ["choose"])
        return rows.filter(pk__in=mine.values_list("pk", flat=True))


class ImagesEndpoint(_Chosen, ImagesAdminAPIViewSet):
    """Images that may be chosen."""


class DocumentsEndpoint(_Chosen, DocumentsAdminAPIViewSet):
    """Documents that may be chosen."""


@hooks.register("construct_admin_api", order=10)
def only_own_files(router: Any) -> None:
    """After Wagtail's own endpoints, in their place."""
    router.register_endpoint("images", ImagesEndpoint)
    router.register_endpoint("documents", DocumentsEndpoint)


class _WithoutTags:
    """Filters without popular tags: they are words of all agencies."""

    filters: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters.pop("tag", None)


class ImageFilters(_WithoutTags, images.ImagesFilterSet):
    """Of images."""

    class Meta(images.ImagesFilterSet.Meta):
        model = get_image_model()


class DocumentFilters(_WithoutTags, documents.DocumentsFilterSet):
    """Of documents."""

    class Meta(documents.DocumentsFilterSet.Meta):
        model = get_document_model()


class ImageIndexView(images.IndexView):
    """The list of images."""

    filterset_class = ImageFilters


class DocumentIndexView(documents.IndexView):
    """The list of documents."""

    filterset_class = DocumentFilters
