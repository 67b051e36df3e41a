"""`uvicorn.importer`: what an import string names.

Source: https://www.uvicorn.org/
"""

import covgap


class ImportFromStringError(Exception): ...


def import_from_string(import_str):
    return covgap.locate(import_str) if isinstance(import_str, str) else import_str
