"""`dotenv`: files of variables are read into the environment; of one that the project does not have, nobody knows what it holds.

Source: https://saurabh-kumar.com/python-dotenv/
"""

import covgap
import os


def find_dotenv(filename=".env", raise_error_if_not_found=False, usecwd=False):
    return filename


def dotenv_values(dotenv_path=None, **options):
    values = covgap.variables(str(dotenv_path or ".env"))
    return covgap.unknown("run-time-value") if values is None else values


def load_dotenv(dotenv_path=None, stream=None, verbose=False, override=False, **options):
    if stream is not None:
        return True
    for name, value in (covgap.variables(str(dotenv_path or ".env")) or {}).items():
        if override:
            os.environ[name] = value
        else:
            os.environ.setdefault(name, value)
    return True


def get_key(dotenv_path, key_to_get, **options):
    return dotenv_values(dotenv_path).get(key_to_get)
