"""`glob`: files of a folder of the project by a pattern with one star in its last part.

Source: https://docs.python.org/3/library/glob.html
"""

import covgap


def glob(pathname, *, root_dir=None, recursive=False, include_hidden=False):
    folder, pattern = pathname.rsplit("/", 1) if "/" in pathname else (".", pathname)
    names = covgap.folder(folder)
    parts = pattern.split("*")
    if names is None or root_dir is not None or len(parts) > 2:
        return covgap.unknown("run-time-value")
    found = []
    for name in names:
        name = name.rstrip("/")
        if name == pattern or len(parts) == 2 and name.startswith(parts[0]) and name.endswith(parts[1]):
            found.append(folder + "/" + name)
    return found


iglob = glob
