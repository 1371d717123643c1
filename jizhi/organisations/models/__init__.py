"""Tables of organisations: the tree and who belongs to it, double reporting, staff who are registered persons.

Each row names an area, the way every scope is asked for. One file per noun; import from here.
"""

from jizhi.organisations.models.reports import Reporter, Service, UnitReport
from jizhi.organisations.models.tree import Belonging, Organisation, StaffPerson

__all__ = ["Belonging", "Organisation", "Reporter", "Service", "StaffPerson", "UnitReport"]
