"""`itertools`: combinations of known sequences; of what has no end, the first few.

Source: https://docs.python.org/3/library/itertools.html
"""

_FEW = range(12)


def chain(*values):
    return [item for value in values for item in value]


def _flattened(values):
    return [item for value in values for item in value]


chain.from_iterable = _flattened


def product(first, *others, repeat=1):
    others = [*others, *([first, *others] * (repeat - 1))]
    rows = [(item,) for item in first]
    for other in others:
        rows = [(*row, item) for row in rows for item in other]
    return rows


def zip_longest(*columns, fillvalue=None):
    columns = [list(column) for column in columns]
    height = max([len(column) for column in columns])
    return [
        tuple([column[row] if row < len(column) else fillvalue for column in columns]) for row in range(height)
    ]


def starmap(function, rows):
    return [function(*row) for row in rows]


def permutations(values, r=None):
    values = list(values)
    length = len(values) if r is None else r
    rows = [()]
    for _ in range(length):
        rows = [(*row, at) for row in rows for at in range(len(values)) if at not in row]
    return [tuple([values[at] for at in row]) for row in rows]


def combinations(values, r):
    values = list(values)
    rows = [()]
    for _ in range(r):
        rows = [(*row, at) for row in rows for at in range(len(values)) if not row or at > row[-1]]
    return [tuple([values[at] for at in row]) for row in rows]


def pairwise(values):
    values = list(values)
    return list(zip(values, values[1:]))


def batched(values, n):
    values = list(values)
    return [tuple(values[at : at + n]) for at in range(0, len(values), n)]


def islice(values, *bounds):
    if len(bounds) == 1:
        return list(values)[: bounds[0]]
    start, stop, *step = bounds
    return list(values)[start : stop : step[0] if step else 1]


def takewhile(predicate, values):
    taken = []
    for value in values:
        if not predicate(value):
            break
        taken.append(value)
    return taken


def dropwhile(predicate, values):
    left = []
    is_dropping = True
    for value in values:
        is_dropping = is_dropping and predicate(value)
        if not is_dropping:
            left.append(value)
    return left


def filterfalse(predicate, values):
    return [value for value in values if not (predicate(value) if predicate else value)]


def compress(values, selectors):
    return [value for value, selector in zip(values, selectors) if selector]


def accumulate(values, func=None, *, initial=None):
    totals = [] if initial is None else [initial]
    for value in values:
        if not totals:
            totals.append(value)
        elif func is None:
            totals.append(totals[-1] + value)
        else:
            totals.append(func(totals[-1], value))
    return totals


def groupby(values, key=None):
    groups = []
    for value in values:
        mark = value if key is None else key(value)
        if groups and groups[-1][0] == mark:
            groups[-1][1].append(value)
        else:
            groups.append((mark, [value]))
    return groups


def tee(values, n=2):
    return tuple([list(values)] * n)


class count:
    def __init__(self, start=0, step=1):
        self.covgap_next = start
        self.covgap_step = step

    def __iter__(self):
        return [self.covgap_next + turn * self.covgap_step for turn in _FEW]

    def __next__(self):
        number = self.covgap_next
        self.covgap_next = number + self.covgap_step
        return number


class cycle:
    def __init__(self, values):
        self.covgap_values = list(values)
        self.covgap_next = 0

    def __iter__(self):
        return [self.covgap_values[turn % len(self.covgap_values)] for turn in _FEW]

    def __next__(self):
        number = self.covgap_next
        self.covgap_next = number + 1
        return self.covgap_values[number % len(self.covgap_values)]


class repeat:
    def __init__(self, value, times=None):
        self.covgap_value = value
        self.covgap_times = times

    def __iter__(self):
        return [self.covgap_value] * (len(_FEW) if self.covgap_times is None else self.covgap_times)

    def __next__(self):
        return self.covgap_value
