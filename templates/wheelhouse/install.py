"""Install exactly what lies in this folder, without a network.

    python install.py                       into the environment of this python
    python install.py --target FOLDER       options of `pip install` are passed on

Every file is compared with SHA256SUMS first; pip compares every wheel with requirements.txt again.
"""

import hashlib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def wrong() -> "list[str]":
    """The files that are missing, or are not what was collected."""
    lines = (HERE / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    found = []
    for line in lines:
        digest, name = line.split("  ", 1)
        path = HERE / name
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            found.append(name)
    return found


def main() -> int:
    """Check, then install."""
    damaged = wrong()
    if damaged:
        print(f"not what was collected: {', '.join(damaged)}; nothing was installed", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--no-index"]
    command += ["--find-links", str(HERE), "--require-hashes", "--no-deps", "-r", str(HERE / "requirements.txt")]
    return subprocess.call([*command, *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
