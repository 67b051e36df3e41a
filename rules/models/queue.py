"""`queue`: what is put in comes out in its turn.

Source: https://docs.python.org/3/library/queue.html
"""


class Empty(Exception): ...
class Full(Exception): ...


class Queue:
    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self.queue = []

    def put(self, item, block=True, timeout=None):
        self.queue.append(item)

    def get(self, block=True, timeout=None):
        return self.queue.pop(0)

    put_nowait = put
    get_nowait = get

    def empty(self):
        return len(self.queue) == 0

    def full(self):
        return self.maxsize > 0 and len(self.queue) >= self.maxsize

    def qsize(self):
        return len(self.queue)

    def join(self):
        return None

    task_done = join


class LifoQueue(Queue):
    def get(self, block=True, timeout=None):
        return self.queue.pop()


class PriorityQueue(Queue): ...


SimpleQueue = Queue
