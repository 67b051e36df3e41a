"""`yaml`: what a text of the project says.

Source: https://pyyaml.org/wiki/PyYAMLDocumentation
"""

import covgap
from _data_files import said


def load(stream, Loader=None):
    return said("yaml", stream, covgap.external("yaml.load")(stream, Loader))


def safe_load(stream):
    return load(stream)


full_load = unsafe_load = safe_load
