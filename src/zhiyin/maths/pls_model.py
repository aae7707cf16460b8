"""The drawing of a path model: blocks of questions and the arrows between them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Flags


class UnknownName(ZhiyinError):
    """A question or latent that the model does not have."""

    code: ClassVar[str] = "pls.unknown_name"
    message: ClassVar[str] = "{name!r} is not among the {kind} of this model."


class BadDrawing(ZhiyinError):
    """The arrows or blocks do not form a path model."""

    code: ClassVar[str] = "pls.bad_drawing"
    message: ClassVar[str] = "This is not a path model: {reason}."


class Mode(StrEnum):
    """How a block's questions relate to their latent."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Block:
    """A latent and the questions asked about it."""

    name: str
    items: tuple[str, ...]
    mode: Mode = Mode.A


@dataclass(frozen=True, slots=True)
class PathModel:
    """Blocks of questions and the arrows between them.

    Parameters
    ----------
    blocks : the latents; each question belongs to exactly one.
    paths : arrows as (from, to). They must not run in a circle.
    """

    blocks: tuple[Block, ...]
    paths: tuple[tuple[str, str], ...]

    def __post_init__(self) -> None:
        names = self.latents
        if len(set(names)) != len(names):
            raise BadDrawing(reason="two blocks have the same name")
        if len(set(self.items)) != len(self.items):
            raise BadDrawing(reason="a question belongs to two blocks")
        for block in self.blocks:
            if not block.items:
                raise BadDrawing(reason=f"block {block.name} has no question")
        for source, target in self.paths:
            for name in (source, target):
                if name not in names:
                    raise UnknownName(name=name, kind="latents", choices=names)
        lonely = set(names) - {name for path in self.paths for name in path}
        if lonely:
            raise BadDrawing(reason=f"no arrow touches {', '.join(sorted(lonely))}")
        arrows = self.arrows.astype(np.float64)
        if np.linalg.matrix_power(arrows, len(names)).any():
            raise BadDrawing(reason="the arrows run in a circle")

    @property
    def latents(self) -> tuple[str, ...]:
        """Names of the latents, in the order of every latent axis."""
        return tuple(block.name for block in self.blocks)

    @property
    def items(self) -> tuple[str, ...]:
        """Names of the questions, in the order of every question axis."""
        return tuple(item for block in self.blocks for item in block.items)

    @property
    def members(self) -> Flags:
        """Whether a question belongs to a latent. Shape (questions, latents)."""
        return np.array([[item in block.items for block in self.blocks] for item in self.items])

    @property
    def arrows(self) -> Flags:
        """Whether an arrow runs from the column's latent to the row's. Shape (to, from)."""
        at = {name: place for place, name in enumerate(self.latents)}
        matrix = np.zeros((len(at), len(at)), dtype=np.bool_)
        for source, target in self.paths:
            matrix[at[target], at[source]] = True
        return matrix
