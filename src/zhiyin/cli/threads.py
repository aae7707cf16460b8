"""One thread for linear algebra, set before NumPy is loaded.

On busy cores a second BLAS thread makes a mixed model ten times slower, not faster; what runs in parallel here runs in
DuckDB and Arrow. Whoever sets the variables keeps their say.
"""

from __future__ import annotations

import os

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
