"""The lock of a bundle: the exact version and SHA-256 of everything that it needs, as pip resolves it here."""

from __future__ import annotations

import contextlib
import hashlib
import json
import pathlib
import platform
import sysconfig
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sci.api.errors import ConfigError, Place, StorageError
from sci.plugins.pip import links, pip
from sci.plugins.records import canonical


class Pin(NamedTuple):
    """One distribution: what a line of the lock says."""

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Lock:
    """Every distribution of a bundle, with its hash.

    Args:
        title: the bundle and its version.
        platform: what the wheels are for.
        pins: sorted by name.
    """

    title: str
    platform: str
    pins: tuple[Pin, ...]

    @property
    def text(self) -> str:
        """The lock as a requirements file of pip. No address of an index stands in it."""
        lines = [
            f"# Every distribution of {self.title}, for {self.platform}.",
            "# pip install --require-hashes --no-deps -r THIS-FILE",
        ]
        for pin in self.pins:
            lines.append(f"{pin.name}=={pin.version} \\\n    --hash=sha256:{pin.sha256}")
        return "\n".join(lines) + "\n"

    def write(self, path: pathlib.Path) -> None:
        """Write it.

        Raises:
            StorageError: the file cannot be written.
        """
        try:
            path.write_text(self.text, encoding="utf-8", newline="\n")
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise StorageError(
                f"`{path}` cannot be written: {reason}", id="storage.write", where=Place(str(path))
            ) from error


@contextlib.contextmanager
def wanted(what: str | None, find_links: Sequence[pathlib.Path]) -> Iterator[tuple[str, str, list[pathlib.Path]]]:
    """A bundle as pip is asked for it: its title, the requirement, and the folders with wheels.

    Args:
        what: an installed bundle, or a folder with the sources of one, which is built; None for the one in force.
        find_links: folders with wheels.

    Raises:
        ConfigError: there is no such bundle, or none is in force.
    """
    if what is not None and (pathlib.Path(what) / "pyproject.toml").is_file():
        with tempfile.TemporaryDirectory(prefix="sci-bundle-") as scratch:
            folder = str(
                pathlib.Path(what).resolve()
            )  # a bare name would mean the distribution of that name on an index
            pip("wheel", "--no-deps", "--wheel-dir", scratch, folder, doing=f"build `{what}`")
            [wheel] = pathlib.Path(scratch).glob("*.whl")
            name, version = wheel.name.split("-")[:2]
            yield f"{canonical(name)} {version}", str(wheel), [*find_links, pathlib.Path(scratch)]
        return
    bundle = _installed(what)
    yield bundle.title, f"{bundle.distribution}=={bundle.version}", list(find_links)


def locked(what: str | None, find_links: Sequence[pathlib.Path] = ()) -> Lock:
    """The lock of a bundle; nothing is installed.

    Args:
        what: as in `wanted`.
        find_links: folders with wheels, beside the user's own indexes.

    Raises:
        ConfigError: there is no such bundle, or pip cannot resolve it.
    """
    with wanted(what, find_links) as (title, requirement, folders):
        return resolved(title, requirement, folders)


def resolved(title: str, requirement: str, folders: Sequence[pathlib.Path]) -> Lock:
    """The lock of one requirement. Only wheels count: an sdist would run code of its own when it is looked at."""
    with tempfile.TemporaryDirectory(prefix="sci-lock-") as scratch:
        report = pathlib.Path(scratch) / "report.json"
        options = ["--dry-run", "--ignore-installed", "--quiet", "--only-binary", ":all:", *links(folders)]
        pip("install", *options, "--report", str(report), requirement, doing=f"resolve `{requirement}`")
        items = json.loads(report.read_text(encoding="utf-8"))["install"]
    return Lock(title, this_platform(), tuple(sorted(_pin(item) for item in items)))


def this_platform() -> str:
    """``CPython 3.11 on linux-x86_64``."""
    version = ".".join(platform.python_version_tuple()[:2])
    return f"{platform.python_implementation()} {version} on {sysconfig.get_platform()}"


def _pin(item: Mapping[str, Any]) -> Pin:
    name, version = str(item["metadata"]["name"]), str(item["metadata"]["version"])
    found = item["download_info"]
    digest = (found.get("archive_info") or {}).get("hashes", {}).get("sha256") or _digest(found["url"])
    if not digest:
        raise ConfigError(
            f"the index gives no SHA-256 of {name} {version}",
            id="bundle.pip",
            hint="sci bundle wheelhouse, and --find-links on its folder",
        )
    return Pin(canonical(name), version, digest)


def _digest(address: str) -> str:
    """The SHA-256 of a wheel that lies here."""
    parts = urllib.parse.urlsplit(address)
    if parts.scheme != "file":
        return ""
    path = pathlib.Path(urllib.request.url2pathname(parts.path))
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.suffix == ".whl" else ""


def _installed(name: str | None) -> Any:
    from sci.plugins.bundle import read_bundle
    from sci.plugins.bundlechoice import named_by_hand
    from sci.plugins.discovery import BUNDLES, Discovery
    from sci.plugins.policy import Policy

    if name is not None:
        return read_bundle(named_by_hand(name, Discovery().find(BUNDLES)))
    bundle = Policy.here().bundle
    if bundle is None:
        raise ConfigError("no bundle is in force, and none is named", id="usage.bundle", hint="sci bundle new NAME")
    return bundle
