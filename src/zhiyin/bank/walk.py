"""Cases walk along their paths: each step with its time, wait, outcome, staff and circumstances.

All cases of a chunk take their first step together, then their second, and so on. What a step finds (the day's queue,
a closed door, an app that is down) decides when the next one begins and whether there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.cases import Cases
from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.journeys import CHANNELS, CLOCKS, ENDING, LATER, OUTCOMES, WAITS
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.plan import Plan
from zhiyin.bank.staffing import CENTRAL, ROLES
from zhiyin.bank.streams import stream

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RECORDED_EVERY_US: Final = 600 * SECOND_US
"""Systems report every ten minutes; what was not yet reported when the bank is looked at is not there."""


@dataclass(frozen=True, slots=True)
class Touches:
    """Steps that happened, in time order. ``case`` and ``customer`` are positions in the chunk's cases and block."""

    case: Ints
    customer: Ints
    journey: Ints
    step: Ints
    channel: Ints
    unit: Ints
    staff: Ints
    starts: Ints
    ends: Ints
    wait: Ints
    """Seconds waited; -1 where there was no wait to speak of."""
    outcome: Ints
    attempt: Ints
    """0 for the first try of a step, 1 for the second."""
    visit: Ints
    """How many visits to an outlet the case has taken so far."""
    treated: Flags
    """Whether forms were pre-filled."""
    down: Flags
    """Whether the app was down."""

    def __len__(self) -> int:
        return self.case.size

    @property
    def recorded(self) -> Ints:
        """When the systems reported the step."""
        return recorded_after(self.ends)

    def take(self, rows: Ints | Flags) -> Touches:
        """Some of the touches."""
        return Touches(*(getattr(self, field.name)[rows] for field in fields(self)))


def recorded_after(us: Ints) -> Ints:
    """The next time at which systems report."""
    return (us // RECORDED_EVERY_US + 1) * RECORDED_EVERY_US


@dataclass(slots=True)
class _Plot:
    """Steps laid out case by case before they are walked."""

    case: Ints
    slot: Ints
    step: Ints
    attempt: Ints
    is_last_attempt: Flags
    offset: Ints
    length: Ints


def walk(plan: Plan, people: People, cases: Cases, block: int, month: int) -> Touches:
    """Let the cases happen; only what was reported before the bank is looked at is returned."""
    rng = stream(plan.order.seed, "walk", block, month)
    plot = _lay_out(plan, cases, rng)
    walker = _Walker(plan, people, cases, plot, rng)
    for position in range(int(plot.length.max(initial=0))):
        walker.step(position)
    happened = walker.happened & (recorded_after(walker.ends) < plan.days.until_us)
    rows = np.flatnonzero(happened)
    rows = rows[np.argsort(walker.starts[rows], kind="stable")]
    step = plot.step[rows]
    channel = plan.network.steps.channel[step]
    unit, staff = _servers(plan, cases, plot.case[rows], step, walker.starts[rows], rng)
    return Touches(
        case=plot.case[rows],
        customer=cases.customer[plot.case[rows]],
        journey=cases.journey[plot.case[rows]],
        step=step,
        channel=channel,
        unit=unit,
        staff=staff,
        starts=walker.starts[rows],
        ends=walker.ends[rows],
        wait=walker.wait[rows],
        outcome=walker.outcome[rows],
        attempt=plot.attempt[rows],
        visit=walker.visit[rows],
        treated=walker.treated[rows],
        down=walker.down[rows],
    )


def _lay_out(plan: Plan, cases: Cases, rng: np.random.Generator) -> _Plot:
    slots = plan.network.slots
    lengths = slots.length[cases.path]
    case = np.repeat(np.arange(lengths.size), lengths)
    begin = np.cumsum(lengths) - lengths
    slot = slots.first[cases.path][case] + np.arange(case.size) - begin[case]
    kept = rng.random(case.size, dtype=np.float32) < slots.chance[slot]
    case, slot = case[kept], slot[kept]
    again = slots.again[slot]
    draw = rng.random(case.size, dtype=np.float32)
    attempts = 1 + (draw < again).astype(np.int64) + (draw < again**2) + (draw < again**3)
    first = np.cumsum(attempts) - attempts
    attempt = np.arange(int(attempts.sum())) - np.repeat(first, attempts)
    is_last = attempt == np.repeat(attempts, attempts) - 1
    case, slot = np.repeat(case, attempts), np.repeat(slot, attempts)
    length = np.bincount(case, minlength=lengths.size)
    return _Plot(case, slot, slots.step[slot], attempt, is_last, np.cumsum(length) - length, length)


class _Walker:
    def __init__(self, plan: Plan, people: People, cases: Cases, plot: _Plot, rng: np.random.Generator) -> None:
        self.plan, self.people, self.cases, self.plot, self.rng = plan, people, cases, plot, rng
        size = plot.step.size
        self.starts = np.zeros(size, dtype=np.int64)
        self.ends = np.zeros(size, dtype=np.int64)
        self.wait = np.full(size, -1, dtype=np.int64)
        self.outcome = np.zeros(size, dtype=np.int64)
        self.visit = np.zeros(size, dtype=np.int64)
        self.happened = np.zeros(size, dtype=np.bool_)
        self.treated = np.zeros(size, dtype=np.bool_)
        self.down = np.zeros(size, dtype=np.bool_)
        count = plot.length.size
        self.by_length = np.argsort(-plot.length, kind="stable")
        self.alive = np.ones(count, dtype=np.bool_)
        self.now = cases.starts.copy()
        self.waited = np.full(count, -1, dtype=np.int64)
        self.visits = np.zeros(count, dtype=np.int64)
        self.waits = load_parameters("feelings")["waits"]
        self.form_factor = float(load_parameters("change")["rollout"]["form_seconds_factor"])
        clocks = [plan.days.clocks[name] for name in CLOCKS]
        self.opens = np.array([clock.opens for clock in clocks], dtype=np.int64)
        self.closes = np.array([clock.closes for clock in clocks], dtype=np.int64)
        self.next_open = np.stack([clock.next_open for clock in clocks])
        self.ending = np.zeros(len(OUTCOMES.names), dtype=np.bool_)
        self.ending[[OUTCOMES[name] for name in ENDING]] = True

    def step(self, position: int) -> None:
        """All cases that are still under way take their next step."""
        plot, steps = self.plot, self.plan.network.steps
        reach = int(np.searchsorted(-plot.length[self.by_length], -position))
        case = self.by_length[:reach]
        case = case[self.alive[case]]
        row = plot.offset[case] + position
        step = plot.step[row]
        starts, later = self._begin(position, case, row, step)
        at_outlet = steps.clock[step] == CLOCKS.index("branch")
        self.visits[case] += at_outlet & (later | (self.visits[case] == 0))
        self.waited[case] = np.where(later, -1, self.waited[case])
        day = np.clip(self.plan.days.day_of(starts), 0, self.plan.days.count - 1)
        unit = self.plan.serving[self.plan.days.month_of(starts), self.cases.unit[case]]
        treated = starts >= self.plan.change.from_us[unit]
        wait, seconds = self._times(step, day, unit, treated & at_outlet)
        waits = steps.wait[step]
        self.waited[case] = np.where(waits > 0, wait, self.waited[case])
        self.wait[row] = np.where((waits > 0) | steps.is_served[step], self.waited[case], -1)
        down = (steps.channel[step] == CHANNELS["mobile"]) & self.plan.days.is_down(starts)
        outcome = self._outcome(row, step, wait, waits, down)
        starts += np.where(waits == WAITS.index("chat"), wait, 0) * SECOND_US
        self.starts[row], self.visit[row] = starts, self.visits[case]
        self.ends[row] = self.now[case] = starts + seconds * SECOND_US
        self.outcome[row], self.treated[row], self.down[row] = outcome, treated & at_outlet, down
        self.happened[row] = True
        self.alive[case] = ~(self.ending[outcome] | (down & (outcome == OUTCOMES["failed"])))

    def _begin(self, position: int, case: Ints, row: Ints, step: Ints) -> tuple[Ints, Flags]:
        """When the step begins, and whether it is a new occasion (a later day, another visit)."""
        steps, days = self.plan.network.steps, self.plan.days
        if position == 0:
            starts, later = self.now[case], np.ones(case.size, dtype=np.bool_)
        else:
            attempt = self.plot.attempt[row]
            slow = np.isin(steps.again[step], [OUTCOMES["more_documents"], OUTCOMES["waiting"]])
            pause = np.where(slow, 1.5 * 86_400.0, 25.0)
            gap = np.where(attempt > 0, pause, self.plan.network.slots.gap[self.plot.slot[row]])
            later = gap >= LATER
            noise = np.exp(0.55 * self.rng.standard_normal(case.size, dtype=np.float32))
            starts = self.now[case] + (gap * noise * SECOND_US).astype(np.int64) + SECOND_US
        rows = np.flatnonzero(later)
        clock = steps.clock[step[rows]]
        day = np.minimum(days.day_of(starts[rows]), days.count - 1)
        second = (starts[rows] - days.base_us - day * DAY_US) // SECOND_US
        opens, closes = self.opens[clock], self.closes[clock]
        today = (self.next_open[clock, day] == day) & (second < closes - 600)
        moved = np.where(today, day, self.next_open[clock, np.minimum(day + 1, days.count)])
        inside = today & (second >= opens)
        spread = (opens + self.rng.random(rows.size) * 0.85 * (closes - opens)).astype(np.int64)
        starts[rows] = np.where(inside, starts[rows], days.us(moved, spread) + starts[rows] % SECOND_US)
        return starts, later

    def _times(self, step: Ints, day: Ints, unit: Ints, treated: Flags) -> tuple[Ints, Ints]:
        """Seconds waited before the step, and seconds it takes."""
        steps, days = self.plan.network.steps, self.plan.days
        kind = steps.wait[step]
        median = np.where(kind == WAITS.index("chat"), 40.0, steps.seconds[step])
        median = median * np.where(
            kind == WAITS.index("queue"), days.queue_factor[day] * self.plan.effects.unit_queue[unit], 1.0
        )
        median = median * np.where(kind >= WAITS.index("phone"), days.phone_factor[day], 1.0)
        median = median * np.where((kind == WAITS.index("queue")) & treated, self.plan.change.wait_factor, 1.0)
        noise = np.exp(steps.spread[step] * self.rng.standard_normal(step.size, dtype=np.float32))
        wait = np.where(kind > 0, median * noise, 0.0).astype(np.int64)
        form = treated & (step == steps.codes["form"])
        length = steps.seconds[step] * np.where(form, self.form_factor, 1.0)
        noise = np.exp(steps.spread[step] * self.rng.standard_normal(step.size, dtype=np.float32))
        seconds = np.where((kind == WAITS.index("queue")) | (kind == WAITS.index("phone")), wait, length * noise)
        return wait, np.maximum(1, seconds).astype(np.int64)

    def _outcome(self, row: Ints, step: Ints, wait: Ints, kind: Ints, down: Flags) -> Ints:
        steps = self.plan.network.steps
        draw = self.rng.random(step.size)
        outcome = (draw[:, None] >= steps.outcomes[step]).sum(axis=1)
        outcome = np.minimum(outcome, len(OUTCOMES.names) - 1)
        outcome = np.where(self.plot.is_last_attempt[row], outcome, steps.again[step])
        tolerance = np.array([np.inf, *(self.waits[f"{name}_tolerance_seconds"] for name in WAITS[1:])])[kind]
        excess = np.maximum(0.0, wait / tolerance - self.waits["abandon_from"])
        gives_up = self.waits["abandon_floor"] + self.waits["abandon_per_tolerance"] * excess
        outcome = np.where((kind > 0) & (draw < gives_up), OUTCOMES["abandoned"], outcome)
        return np.where(down & (draw < 0.8), OUTCOMES["failed"], outcome)


def _servers(
    plan: Plan, cases: Cases, case: Ints, step: Ints, starts: Ints, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Unit and member of staff of each step: at an outlet those on duty, otherwise the team of the channel."""
    steps, days = plan.network.steps, plan.days
    channel, role = steps.channel[step], steps.role[step]
    month = days.month_of(starts)
    outlet = plan.serving[month, cases.unit[case]]
    centre, digital = plan.bank.departments["contact_centre"], plan.bank.departments["digital"]
    by_channel = {
        "mobile": digital,
        "web": digital,
        "wechat": digital,
        "phone": centre,
        "outbound": centre,
        "external": -1,
    }
    fixed = np.array([by_channel.get(name, -2) for name in CHANNELS.names], dtype=np.int64)
    unit = np.where(fixed[channel] == -2, outlet, fixed[channel])
    central = np.isin(role, [ROLES.index(name) for name in CENTRAL])
    # One draw a case and day, so that one visit is served by one person of each role.
    draw = rng.random(cases.customer.size, dtype=np.float32)[case]
    draw = (draw + (days.day_of(starts) % 7).astype(np.float32) * np.float32(0.137)) % np.float32(1.0)
    return unit, plan.staffing.on_duty(role, month, np.where(central, centre, unit), draw)
