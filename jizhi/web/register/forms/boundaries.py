"""Forms of boundaries: one outline drawn or pasted, and a GeoJSON file for many."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from jizhi.areas.rules import Datum
from jizhi.web.forms import DateInput, Form
from jizhi.web.register.forms.areas import Choices, UploadForm

DATUMS = [(one.value, gettext_lazy(one.label)) for one in Datum]


class BoundaryForm(Form):
    """An outline as GeoJSON: the map writes it here; without a map it is pasted."""

    geojson = forms.CharField(
        label=gettext_lazy("边界坐标（GeoJSON）"),
        max_length=2_000_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "mono"}),
        help_text=gettext_lazy("在图上画，或粘贴 Polygon、MultiPolygon；坐标是经度、纬度，单位是度。"),
    )
    datum = forms.ChoiceField(
        label=gettext_lazy("坐标系"),
        choices=DATUMS,
        help_text=gettext_lazy("国内网络地图用 GCJ-02，与卫星定位相差几百米；同一个县只用一种。"),
    )
    from_date = forms.DateField(label=gettext_lazy("从哪天起"), widget=DateInput)
    note = forms.CharField(label=gettext_lazy("来源说明"), max_length=200, required=False)
    drawn = forms.BooleanField(required=False, widget=forms.HiddenInput)


class BoundaryFileForm(UploadForm):
    """A FeatureCollection, the scope it is for, and what its coordinates refer to."""

    datum = forms.ChoiceField(label=gettext_lazy("坐标系"), choices=DATUMS)
    from_date = forms.DateField(label=gettext_lazy("从哪天起"), widget=DateInput)

    def __init__(self, *args: Any, areas: Choices = (), **kwargs: Any) -> None:
        super().__init__(*args, areas=areas, **kwargs)
        file = self.fields["file"]
        file.label = gettext_lazy("边界文件")
        file.help_text = gettext_lazy("GeoJSON 的 FeatureCollection，不超过 20 MB")
        file.widget.attrs["accept"] = ".geojson,.json"

    def options(self, today: dt.date) -> dict[str, str]:
        """The datum and the first day of the outlines."""
        return {
            "datum": self.cleaned_data["datum"],
            "from_date": str(self.cleaned_data["from_date"] or today),
        }
