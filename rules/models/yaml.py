"""`yaml`: a text of the project is what it says; of every other one, nobody knows.

Source: https://pyyaml.org/wiki/PyYAMLDocumentation
"""

import covgap


def load(stream, Loader=None):
    value = covgap.external("yaml.load")(stream, Loader)
    known = covgap.data("yaml", stream.read() if covgap.marks(stream, "covgap_file") else stream)
    return known if covgap.is_known(known) else value


def safe_load(stream):
    return load(stream)


full_load = unsafe_load = safe_load
