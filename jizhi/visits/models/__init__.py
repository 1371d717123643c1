"""Tables of the monthly plan, of visits and of the household book; every row names its village."""

from jizhi.visits.models.book import Book as Book
from jizhi.visits.models.book import BookChange as BookChange
from jizhi.visits.models.plan import HouseholdClass as HouseholdClass
from jizhi.visits.models.plan import MonthCount as MonthCount
from jizhi.visits.models.plan import PlannedVisit as PlannedVisit
from jizhi.visits.models.visit import Visit as Visit
from jizhi.visits.models.visit import VisitAddition as VisitAddition
from jizhi.visits.models.visit import VisitPhoto as VisitPhoto
