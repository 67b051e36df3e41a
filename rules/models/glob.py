"""`glob`: files of a folder of the project by a pattern with one star in its last part.

Source: https://docs.python.org/3/library/glob.html
"""

import covgap
from pathlib import _fits


def glob(pathname, *, root_dir=None, recursive=False, include_hidden=False):
    folder, pattern = pathname.rsplit("/", 1) if "/" in pathname else (".", pathname)
    names = covgap.folder(folder)
    if names is None or root_dir is not None or len(pattern.split("*")) > 2:
        return covgap.unknown("run-time-value")
    found = [folder + "/" + name.rstrip("/") for name in names if _fits(name.rstrip("/"), pattern)]
    return found


iglob = glob
