"""What the plugin says about itself before TensorFlow is imported."""

from __future__ import annotations

import subprocess
import sys

from sci_tensorflow import plugin
from sci_tensorflow.config import TensorflowConfig

CODE = """
import sys
import sci_tensorflow.plugin, sci_tensorflow.config
sci_tensorflow.plugin.sci_engines()
print([name for name in ("tensorflow", "keras", "torch") if name in sys.modules])
"""


def test_the_plugin_is_light() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_engine_is_offered_with_its_settings() -> None:
    [spec] = plugin.sci_engines()
    assert spec.name == "tensorflow"
    assert spec.config == "sci_tensorflow.config:TensorflowConfig"
    assert TensorflowConfig().model_dump() == {"threads": 1, "jit": False}


def test_the_published_face_holds_what_it_names() -> None:
    from sci_tensorflow import api

    assert [name for name in api.__all__ if not hasattr(api, name)] == []
