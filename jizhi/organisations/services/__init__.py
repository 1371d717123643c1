"""Verbs of organisations: the tree, who belongs to it, double reporting and its services; import from here."""

from jizhi.organisations.services.belongings import (
    CannotBelong,
    add_belonging,
    end_belonging,
    transfer_member,
)
from jizhi.organisations.services.reports import (
    CannotReport,
    ReporterData,
    add_reporter,
    end_reporter,
    end_unit_report,
    place_reporter,
    report_unit,
)
from jizhi.organisations.services.service_hours import (
    BadService,
    CannotClose,
    confirm_services,
    record_service,
    refuse_service,
    revoke_service,
)
from jizhi.organisations.services.staff_persons import (
    CannotLink,
    link_staff_person,
    unlink_staff_person,
)
from jizhi.organisations.services.tables import (
    OrganisationsApplied,
    apply_organisations,
    plan_organisations,
)
from jizhi.organisations.services.tree import (
    BadOrganisation,
    OrganisationData,
    OrganisationNotEmpty,
    close_organisation,
    create_organisation,
    parent_problem,
    update_organisation,
)

__all__ = [
    "BadOrganisation",
    "BadService",
    "CannotBelong",
    "CannotClose",
    "CannotLink",
    "CannotReport",
    "OrganisationData",
    "OrganisationNotEmpty",
    "OrganisationsApplied",
    "ReporterData",
    "add_belonging",
    "add_reporter",
    "apply_organisations",
    "close_organisation",
    "confirm_services",
    "create_organisation",
    "end_belonging",
    "end_reporter",
    "end_unit_report",
    "link_staff_person",
    "parent_problem",
    "place_reporter",
    "plan_organisations",
    "record_service",
    "refuse_service",
    "report_unit",
    "revoke_service",
    "transfer_member",
    "unlink_staff_person",
    "update_organisation",
]
