"""A made-up county of Linyi's size: grids in three storeys, five ranks of staff, 150,000 households. All invented.

`load` fills an empty database through the services that take in whole tables, so it doubles as their rehearsal.
"""

from jizhi.demo.county.load import load as load
from jizhi.demo.county.load import sign_in_lines as sign_in_lines
from jizhi.demo.county.scale import SCALES as SCALES
from jizhi.demo.county.scale import Scale as Scale
