"""Key drivers: what goes with satisfaction, how strongly, and where acting pays.

::

    wide = questionnaire(responses, ["overall", "waiting", "staff", "clarity"])
    found = engine.compute(key_drivers(wide, outcome="overall", drivers=["waiting", "staff", "clarity"]))

:func:`key_drivers` splits the explained variance among overlapping drivers (exactly up to 20), within units, so that
what distinguishes good outlets from bad ones is not read as a driver; with intervals of importance and rank. A
:class:`KeyDrivers` also is an importance-performance map. :func:`driver_shape` shows whether a driver works evenly or
from a threshold on ("after 15 minutes").

:func:`path_model` fits a satisfaction index with its causes (ACSI, ECSI, CCSI). :func:`change_sources` splits a change
into what was answered and who answered.

**All of this is association.** The sentences say "goes with", never "causes"; for effects see ``zhiyin.evidence``.
Page: ``docs/methods/drivers.md``.
"""

from __future__ import annotations

from zhiyin.drivers.asked import Resample, questionnaire
from zhiyin.drivers.change import ChangeSources, Source, change_sources
from zhiyin.drivers.importance import Driver, KeyDrivers, Split, key_drivers
from zhiyin.drivers.paths import path_model
from zhiyin.drivers.performance import Quadrant
from zhiyin.drivers.shape import Bin, Shape, driver_shape
from zhiyin.drivers.wording import sentence

__all__ = [
    "Bin",
    "ChangeSources",
    "Driver",
    "KeyDrivers",
    "Quadrant",
    "Resample",
    "Shape",
    "Source",
    "Split",
    "change_sources",
    "driver_shape",
    "key_drivers",
    "path_model",
    "questionnaire",
    "sentence",
]
