"""How the calls of tests that look for a service answer where it is not there.

Sources: https://docs.python.org/3/library/socket.html, https://docs.python.org/3/library/subprocess.html,
https://docker-py.readthedocs.io/en/stable/containers.html
"""

import subprocess

import docker


def refused(*args, **options):
    raise ConnectionRefusedError(111, "Connection refused")


def refused_by_number(*args, **options):
    return 111


class CompletedProcess:
    """A command that looks for what is not there ends with a status other than 0, and prints nothing."""

    returncode = 1

    def __init__(self, args, nothing):
        self.args = args
        self.stdout = nothing
        self.stderr = nothing

    def check_returncode(self):
        raise subprocess.CalledProcessError(1, self.args)

    def communicate(self, *args, **options):
        return (self.stdout, self.stderr)

    def wait(self, *args, **options):
        return 1

    def poll(self):
        return 1

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def process(args=(), *more, check=False, text=False, universal_newlines=False, encoding=None, **options):
    if check:
        raise subprocess.CalledProcessError(1, args)
    return CompletedProcess(args, "" if text or universal_newlines or encoding else b"")


def process_of_asyncio(*args, **options):
    return CompletedProcess(args, b"")


def failed_process(args=(), *more, **options):
    raise subprocess.CalledProcessError(1, args)


def no_container(*args, **options):
    raise docker.errors.NotFound("No such container")
