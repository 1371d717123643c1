"""Uploaded files of areas and boundaries within a scope: the latest ones, and one of them for its page."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from jizhi.areas.models import AreaUpload
from jizhi.areas.rules import UploadKind
from jizhi.areas.selectors.areas import AreaNotFound


def uploads_of(paths: Collection[str], kind: UploadKind, *, limit: int = 10) -> list[AreaUpload]:
    """The latest files of that kind for areas of the scope, without their content."""
    rows = AreaUpload.objects.filter(area__path__within=list(paths), kind=kind.value).defer("content")
    return list(rows.select_related("area", "uploaded_by")[:limit])


def upload_for(paths: Collection[str], upload_id: int) -> AreaUpload:
    """One file within the scope; raises AreaNotFound."""
    rows = AreaUpload.objects.filter(area__path__within=list(paths), pk=upload_id)
    found = rows.select_related("area__level", "uploaded_by").first()
    if found is None:
        raise AreaNotFound(_("没有这份文件，或不在您的管理范围内。"))
    return found
