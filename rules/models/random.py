"""`random`: one of the values that it may choose, and numbers that nobody knows.

Source: https://docs.python.org/3/library/random.html
"""

import covgap


def random():
    return covgap.unknown("run-time-value")


def randint(a, b):
    return a if a == b else covgap.unknown("run-time-value")


def randrange(*bounds):
    return covgap.unknown("run-time-value")


uniform = gauss = normalvariate = triangular = expovariate = betavariate = randrange
getrandbits = randbytes = randrange


def choice(values):
    return list(values)[covgap.unknown("run-time-value")]


def choices(values, weights=None, *, cum_weights=None, k=1):
    if isinstance(values, str):
        return [covgap.hole() for turn in range(k)]
    return [choice(values) for turn in range(k)]


def sample(values, k, **options):
    if isinstance(values, str):
        return [covgap.hole() for turn in range(k)]
    return [choice(values) for turn in range(k)]


def shuffle(values):
    return None


def seed(*args):
    return None


class Random:
    def __init__(self, *args):
        return None

    random = staticmethod(random)
    randint = staticmethod(randint)
    randrange = staticmethod(randrange)
    uniform = staticmethod(uniform)
    choice = staticmethod(choice)
    choices = staticmethod(choices)
    sample = staticmethod(sample)
    shuffle = staticmethod(shuffle)
    seed = staticmethod(seed)


SystemRandom = Random
