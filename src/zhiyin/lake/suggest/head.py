"""What stands above a mapping: which table and why, what a trial on the sample gave, and what is doubtful of it all."""

from __future__ import annotations

from typing import Final

from zhiyin.lake.reasons import reason_text
from zhiyin.lake.suggest.choose import TableMatch
from zhiyin.lake.suggest.columns import meaning, say
from zhiyin.lake.suggest.draft import Draft
from zhiyin.lake.suggest.sample import Sample
from zhiyin.lake.suggest.trial import Trial
from zhiyin.language import either

CLOSE: Final = 0.08
"""Two tables whose scores are nearer than this are both named."""
WEAK: Final = 0.45
"""A score below this fits no table well."""
_TOLD: Final = 5


def say_which(draft: Draft, ranked: tuple[TableMatch, ...]) -> None:
    """Say which table was chosen, and which one else it could be."""
    best, second = ranked[:2]
    told = {
        "table": best.table.name,
        "meaning": either(best.table.zh, best.table.en),
        "score": f"{best.score:.2f}",
        "other": second.table.name,
        "other_score": f"{second.score:.2f}",
    }
    draft.notes.append(say("Table {table}, likeness {score}: {meaning}", **told))
    if best.score < WEAK:
        draft.doubts.append(say("no table fits well; name the right one with --as.", **told))
    elif best.score - second.score < CLOSE:
        draft.doubts.append(
            say("it could also be {other} (likeness {other_score}); then run again with --as {other}.", **told)
        )


def say_head(draft: Draft, sample: Sample, trial: Trial) -> None:
    """Say where the draft comes from, how it did on the sample, and what is doubtful of the file as a whole."""
    title = say(
        "A first mapping for {file}, drafted by zhiyin. Check every line marked as a doubt.", file=sample.path.name
    )
    draft.notes.insert(0, title)
    draft.doubts = [*(doubt.text() for doubt in sample.info.doubts), *draft.doubts]
    if sample.broken:
        broken = f"{sample.broken:,}"
        draft.doubts.append(
            say("{n} of the first rows cannot be split into columns; they would be kept apart.", n=broken)
        )
    if not sample.rows.num_rows:
        draft.doubts.append(say("the file has no rows; only the names of its columns were looked at."))
    for name in draft.must:
        told = meaning(draft.table.column(name))
        draft.doubts.append(
            say(
                "nothing was found for {name} ({meaning}), which must be filled: nothing can be loaded until it is.",
                name=name,
                meaning=told,
            )
        )
    if trial.error is None:
        _say_trial(draft, sample, trial)
    elif not draft.must:
        draft.doubts.append(trial.error.text())


def _say_trial(draft: Draft, sample: Sample, trial: Trial) -> None:
    read, rows, kept, apart = (
        f"{n:,}" for n in (sample.rows.num_rows, trial.rows, trial.kept, trial.rows - trial.kept)
    )
    if draft.groups:
        done = say(
            "Tried on the first {read} rows: they become {rows} answers, {kept} of them sound.",
            read=read,
            rows=rows,
            kept=kept,
        )
    else:
        done = say(
            "Tried on the first {read} rows: {kept} would be kept, {apart} kept apart.",
            read=read,
            kept=kept,
            apart=apart,
        )
    draft.notes.append(done)
    for column, reason, n in trial.problems[:_TOLD]:
        why = reason_text(reason)
        draft.doubts.append(
            say("{n} rows would be kept apart: {column}: {reason}.", n=f"{n:,}", column=column, reason=why)
        )
    if trial.repeated:
        again = f"{trial.repeated:,}"
        draft.doubts.append(
            say("{n} rows have a key that another row has too; those that differ would be kept apart.", n=again)
        )
