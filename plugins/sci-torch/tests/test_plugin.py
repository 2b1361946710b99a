from __future__ import annotations

import subprocess
import sys

from sci_torch import plugin


def test_the_engine_is_found_by_its_name() -> None:
    (spec,) = plugin.sci_engines()
    assert (spec.name, spec.target) == ("torch", "sci_torch.engine:TorchEngine")


def test_what_is_offered_is_known_without_importing_torch() -> None:
    code = "import sys; import sci_torch.plugin, sci_torch.config; assert 'torch' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_published_face_exports_what_it_names() -> None:
    from sci_torch import api

    assert all(hasattr(api, name) for name in api.__all__)
    assert api.__all__ == sorted(api.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
