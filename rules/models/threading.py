"""`threading`: a started thread runs its target.

Source: https://docs.python.org/3/library/threading.html
"""


class Thread:
    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None, *, daemon=None):
        self.target = target
        self.arguments = args
        self.named = kwargs

    def start(self):
        self.run()

    def run(self):
        if self.target is not None:
            self.target(*self.arguments, **(self.named or {}))

    def join(self, timeout=None):
        return None


class Timer(Thread):
    def __init__(self, interval, function, args=None, kwargs=None):
        super().__init__(target=function, args=args or (), kwargs=kwargs)

    def cancel(self):
        return None


class local: ...
