from __future__ import annotations

import os
import pathlib

import numpy as np
import pytest

from sci.api import ComponentConfig
from sci_metrics.accuracy import Accuracy
from sci_metrics.averaged import F1Macro
from sci_metrics.config import PositiveConfig
from sci_metrics.correlation import Mcc
from sci_metrics.ranking import RocAuc

DATA = os.environ.get("SCI_REFERENCE_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="SCI_REFERENCE_DATA does not name the folder of reference data")


def test_majority_of_sms_spam_has_its_known_values(classification):
    """Trained on the first 30 % and tested on the rest, as Almeida et al. (2011), doi:10.1145/2034691.2034742."""
    lines = pathlib.Path(DATA, "sms_spam", "SMSSpamCollection").read_text(encoding="utf-8").splitlines()
    labels = [line.split("\t")[0] for line in lines]
    truth = labels[int(0.3 * len(labels)) :]
    always_ham = classification(truth, ["ham"] * len(truth), np.tile([1.0, 0.0], (len(truth), 1)), ["ham", "spam"])

    assert Accuracy(ComponentConfig())(always_ham) == pytest.approx(0.8693, abs=5e-5)
    assert F1Macro(ComponentConfig())(always_ham) == pytest.approx(0.465, abs=5e-4)
    assert RocAuc(PositiveConfig())(always_ham) == 0.5
    assert Mcc(ComponentConfig())(always_ham) == 0
