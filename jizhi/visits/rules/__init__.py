"""Words and checks of visits and of the household book, and the monthly plan as a pure function. Plain Python."""

from jizhi.visits.rules.book import NO as NO
from jizhi.visits.rules.book import YES as YES
from jizhi.visits.rules.book import BadValue as BadValue
from jizhi.visits.rules.book import BookField as BookField
from jizhi.visits.rules.book import Filled as Filled
from jizhi.visits.rules.book import checked_value as checked_value
from jizhi.visits.rules.book import filled as filled
from jizhi.visits.rules.book import is_empty as is_empty
from jizhi.visits.rules.book import read_date as read_date
from jizhi.visits.rules.plan import Home as Home
from jizhi.visits.rules.plan import plan_days as plan_days
from jizhi.visits.rules.plan import plan_month as plan_month
from jizhi.visits.rules.plan import times_wanted as times_wanted
from jizhi.visits.rules.way import street_of as street_of
from jizhi.visits.rules.way import way_key as way_key
from jizhi.visits.rules.words import BACK_DAYS_MAX as BACK_DAYS_MAX
from jizhi.visits.rules.words import GRID_HOUSEHOLDS as GRID_HOUSEHOLDS
from jizhi.visits.rules.words import REACHED as REACHED
from jizhi.visits.rules.words import How as How
from jizhi.visits.rules.words import Topic as Topic
from jizhi.visits.rules.words import month_end as month_end
from jizhi.visits.rules.words import month_of as month_of
from jizhi.visits.rules.words import shifted as shifted
