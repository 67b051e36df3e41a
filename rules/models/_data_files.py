"""What readers of JSON, TOML and YAML give: what a text of the project says; of every other one, nobody knows."""

import covgap


def said(language, source, otherwise):
    """Of a text, or of a file that is read; else what the library gives."""
    known = covgap.data(language, source.read() if covgap.marks(source, "covgap_file") else source)
    return known if covgap.is_known(known) else otherwise
