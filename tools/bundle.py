"""Write the offline archive: wheels, checksums, an SBOM, and a script that installs with the network closed.

``python -m tools.bundle [--arch x86_64|aarch64] [--out dist]`` makes ``dist/zhiyin-<version>-<arch>.tar.gz`` with::

    wheels/*.whl  SHA256SUMS  sbom.cdx.json  constraints.txt  install.sh

The archive is reproducible: the same wheels give the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import HeaderParser
from pathlib import Path
from typing import Final

from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import DisjunctiveLicense
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from zhiyin import __version__

ROOT: Final = Path(__file__).parent.parent
ARCHES: Final = ("x86_64", "aarch64")
_PLATFORMS: Final = {
    arch: [f"manylinux_2_{minor}_{arch}" for minor in range(17, 37)] + [f"manylinux2014_{arch}"] for arch in ARCHES
}
_INSTALL: Final = """#!/bin/sh
# Installs Zhiyin from this folder alone. Usage: sh install.sh [FOLDER]   (left out: ./zhiyin)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=${1:-./zhiyin}
cd "$here" && sha256sum --quiet -c SHA256SUMS && cd - >/dev/null
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (@PYTHON@))' || {
    echo "This archive is for Python @VERSION@ with its venv module (Debian: apt-get install python3-venv)." >&2
    exit 1
}
python3 -m venv "$into"
"$into/bin/python" -m pip install -q --disable-pip-version-check --no-index --find-links "$here/wheels" \\
    -c "$here/constraints.txt" zhiyin
"$into/bin/zhiyin" --version
echo "Start with: $into/bin/zhiyin bank make --customers 20000 --months 12 --seed 7 --out bank"
"""


def make_bundle(arch: str, out: Path) -> Path:
    """Gather the wheels for a machine and write the archive; returns its path."""
    name = f"zhiyin-{__version__}-{arch}"
    folder = ROOT / "build" / "bundle" / name
    shutil.rmtree(folder, ignore_errors=True)
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    own = build_own_wheel(wheels)
    download(own, wheels, arch)
    shutil.copy(ROOT / "constraints.txt", folder)
    python = sys.version_info[:2]
    script = _INSTALL.replace("@PYTHON@", f"{python[0]}, {python[1]}").replace("@VERSION@", f"{python[0]}.{python[1]}")
    (folder / "install.sh").write_text(script)
    files = sorted(wheels.glob("*.whl"))
    (folder / "sbom.cdx.json").write_text(sbom(files))
    summed = [*files, folder / "constraints.txt", folder / "sbom.cdx.json"]
    (folder / "SHA256SUMS").write_text("".join(f"{digest(f)}  {f.relative_to(folder)}\n" for f in summed))
    out.mkdir(parents=True, exist_ok=True)
    archive = out / f"{name}.tar.gz"
    pack(folder, archive)
    (out / f"{archive.name}.sha256").write_text(f"{digest(archive)}  {archive.name}\n")
    return archive


def build_own_wheel(wheels: Path) -> Path:
    """Zhiyin's own wheel."""
    _pip("wheel", "--no-deps", "-w", str(wheels), str(ROOT))
    return next(wheels.glob("zhiyin-*.whl"))


def download(own: Path, wheels: Path, arch: str) -> None:
    """The wheels that it needs at run time, at the versions of constraints.txt."""
    arguments = ["download", "-d", str(wheels), "--only-binary=:all:", "-c", str(ROOT / "constraints.txt")]
    if arch != platform.machine():
        version = f"{sys.version_info[0]}{sys.version_info[1]}"
        arguments += ["--python-version", version, "--implementation", "cp"]
        for tag in _PLATFORMS[arch]:
            arguments += ["--platform", tag]
    _pip(*arguments, str(own))


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", *arguments]
    # A fixed day in our own wheel's file times, so that the same sources give the same bytes.
    subprocess.run(command, check=True, cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": "315532800"})


def sbom(files: list[Path]) -> str:
    """What the archive contains, as CycloneDX 1.6: names, versions, licences, checksums."""
    bom = Bom()
    bom.serial_number = None  # type: ignore[assignment]  # a random number would make every archive different
    bom.metadata.timestamp = None  # type: ignore[assignment]  # and so would the time
    for file in files:
        about = metadata(file)
        licence = about["License-Expression"] or about["License"] or _classified(about)
        name, version = str(about["Name"]), str(about["Version"])
        component = Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            bom_ref=f"{name}=={version}",
            purl=PackageURL("pypi", name=name.lower(), version=version),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=digest(file))],
            licenses=[DisjunctiveLicense(name=str(licence).splitlines()[0][:120])] if licence else [],
        )
        bom.components.add(component)
        if name == "zhiyin":
            bom.metadata.component = component
    return str(JsonV1Dot6(bom).output_as_string(indent=1)) + "\n"


def metadata(wheel: Path) -> Message:
    """The METADATA of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return HeaderParser().parsestr(archive.read(name).decode())


def _classified(about: Message) -> str:
    found = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    return " AND ".join(found)


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, archive: Path) -> None:
    """A tar whose bytes depend on the files alone."""

    def plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
        info.uid = info.gid = info.mtime = 0
        info.uname = info.gname = ""
        return info

    with (
        archive.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w") as tar,
    ):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            tar.add(file, arcname=f"{folder.name}/{file.relative_to(folder)}", filter=plain)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tools.bundle", description=__doc__)
    parser.add_argument("--arch", choices=ARCHES, default=platform.machine())
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    arguments = parser.parse_args()
    archive = make_bundle(arguments.arch, arguments.out)
    print(f"{archive} ({archive.stat().st_size / 1e6:.0f} MB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
