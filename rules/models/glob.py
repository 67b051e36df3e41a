"""`glob`: files of a folder of the project by a pattern with stars.

Source: https://docs.python.org/3/library/glob.html
"""

import covgap
from pathlib import Path


def glob(pathname, *, root_dir=None, recursive=False, include_hidden=False):
    known = pathname.split("*")[0]
    folder = known.rsplit("/", 1)[0] if "/" in known else "."
    is_deep = "**" in pathname and not recursive
    if covgap.folder(str(Path(folder))) is None and folder != "." or root_dir is not None or is_deep:
        return covgap.unknown("run-time-value")
    pattern = pathname[len(folder) + 1 :] if "/" in known else pathname
    found = Path(folder).glob(pattern)
    return [str(path) for path in found] if covgap.is_known(len(found)) else covgap.unknown("run-time-value")


iglob = glob
