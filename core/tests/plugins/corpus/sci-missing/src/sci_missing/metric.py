"""Code that needs a library which is not there."""

import spectral_magic


class Metric:
    unit = spectral_magic.UNIT
