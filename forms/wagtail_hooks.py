"""What forms add to Wagtail's admin."""

from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from forms.models import FormVersion
from forms.viewsets import FormGroup, ReadOnlyPolicy

register_permission_policy(FormVersion, ReadOnlyPolicy(FormVersion))
register_snippet(FormGroup)
