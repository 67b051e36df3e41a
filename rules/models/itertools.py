"""`itertools`: combinations of known sequences.

Source: https://docs.python.org/3/library/itertools.html
"""


def chain(*values):
    return [item for value in values for item in value]


def product(first, *others):
    rows = [(item,) for item in first]
    for other in others:
        rows = [(*row, item) for row in rows for item in other]
    return rows


def zip_longest(*columns, fillvalue=None):
    return zip(*columns)


def starmap(function, rows):
    return [function(*row) for row in rows]


def count(start=0, step=1):
    return range(start, start + 3)


def cycle(values):
    return values
