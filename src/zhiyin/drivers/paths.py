"""A satisfaction index and its paths, straight from a questionnaire: the path model on a bank's own tables."""

from __future__ import annotations

import ibis.expr.types as ir
import pyarrow as pa

from zhiyin.drivers.asked import Resample, complete, moments_expression, moments_of
from zhiyin.engine import Query
from zhiyin.maths.pls import Scheme
from zhiyin.maths.pls_bootstrap import PlsBootstrap, bootstrap_pls
from zhiyin.maths.pls_model import PathModel


def path_model(
    answers: ir.Table,
    model: PathModel,
    *,
    scale: tuple[float, float] = (1.0, 10.0),
    customer: str = "customer_id",
    scheme: Scheme = Scheme.CENTROID,
    standardise: bool = False,
    samples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Query[PlsBootstrap]:
    """Fit a path model to one row a respondent, with the 0-100 index of every latent and intervals.

    Only respondents who answered all questions of the model count. The engine returns moments in 256 blocks of
    customers, whatever the number of answers; a million cost what a thousand do from there on.

    Parameters
    ----------
    answers : one column a question, e.g. from :func:`~zhiyin.drivers.asked.questionnaire`.
    scale : lowest and highest answer of every question.
    customer : column of customers, whose answers stay together in the bootstrap.
    scheme, standardise, samples, level, seed : see :func:`~zhiyin.maths.pls_bootstrap.bootstrap_pls`.

    Raises
    ------
    UnknownColumn, NotANumber : at once. NothingLeft, and what the fit raises : when computed.
    """
    rows = complete(answers, model.items)

    def finish(found: pa.Table) -> PlsBootstrap:
        data = moments_of(found, model.items)
        return bootstrap_pls(
            data, model, seed=seed, scale=scale, scheme=scheme, standardise=standardise, samples=samples, level=level
        )

    return Query(
        moments_expression(rows, model.items, within=None, resample=Resample.CUSTOMERS, customer=customer), finish
    )
