"""What several test files share: public data read in place, and parts of the machine that may be missing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings

from zhiyin.engine import Engine, EngineMissing
from zhiyin.engine.spark import SparkEngine

# The same examples in every run, and none that fails on a slow machine. --hypothesis-profile=default looks for new.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")

SHARED = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the repository; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the public data sets are not at ../shared/data")
    return SHARED


def missing(part: str, reason: str) -> NoReturn:
    """Skip for want of a part of the machine; fail where ZHIYIN_REQUIRE says that it must be there."""
    if part in os.environ.get("ZHIYIN_REQUIRE", "").split(","):
        pytest.fail(f"{part} is required here: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark() -> Iterator[Engine]:
    """One Spark for the whole run; it takes ten seconds to start."""
    if shutil.which("java") is None:
        missing("spark", "Spark needs Java 17 (Debian: openjdk-17-jre-headless)")
    try:
        engine = SparkEngine()
    except EngineMissing as error:
        missing("spark", error.text("en"))
    yield engine
    engine.close()
