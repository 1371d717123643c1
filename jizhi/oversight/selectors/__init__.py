"""The daily record, weekly figures and reports, and the month's decisions for the township; import from here."""

from jizhi.oversight.selectors.days import RecordLine as RecordLine
from jizhi.oversight.selectors.days import daily_record as daily_record
from jizhi.oversight.selectors.decided import DecidedLine as DecidedLine
from jizhi.oversight.selectors.decided import NoSuchDecision as NoSuchDecision
from jizhi.oversight.selectors.decided import decided_case as decided_case
from jizhi.oversight.selectors.decided import decided_cases as decided_cases
from jizhi.oversight.selectors.decided import decided_lines as decided_lines
from jizhi.oversight.selectors.decided import recheck_before as recheck_before
from jizhi.oversight.selectors.weeks import NoSuchReport as NoSuchReport
from jizhi.oversight.selectors.weeks import ReportLine as ReportLine
from jizhi.oversight.selectors.weeks import Standing as Standing
from jizhi.oversight.selectors.weeks import days_due as days_due
from jizhi.oversight.selectors.weeks import figures as figures
from jizhi.oversight.selectors.weeks import is_report_day as is_report_day
from jizhi.oversight.selectors.weeks import report as report
from jizhi.oversight.selectors.weeks import report_lines as report_lines
from jizhi.oversight.selectors.weeks import reports as reports
from jizhi.oversight.selectors.weeks import standings as standings
