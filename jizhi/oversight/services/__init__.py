"""Sending weekly reports and returning decisions; import from here."""

from jizhi.oversight.services.reports import send_due_reports as send_due_reports
from jizhi.oversight.services.reports import send_report as send_report
from jizhi.oversight.services.returning import CannotReturn as CannotReturn
from jizhi.oversight.services.returning import return_decision as return_decision
