"""Run-time ground truth for a static behavior-coverage analyzer.

A pytest plugin that watches a FastAPI/Starlette test suite run and writes down what really happened:
which route each request reached, with which method and status, which exception ended it and where that
was raised, and which functions of the application the tests called directly, outside any request.

    PYTHONPATH=<this folder> ORACLE_OUT=truth.json ORACLE_ROOT=<repo> ORACLE_APP=app ORACLE_TESTS=tests \
        python -m pytest -p behavior_oracle tests

ORACLE_APP and ORACLE_TESTS are ':'-separated folders (or files) below ORACLE_ROOT.  A file under both is a test.
ORACLE_CALLS=0 leaves out the direct calls (they need a profile hook, which slows the suite down).

The output is one JSON object:
  outcomes   {nodeid: "passed" | "failed" | "skipped" | "error"}
  uncollected {nodeid of a file or class: "error" | "skipped"} what pytest could not or would not collect
  requests   [{test, phase, kind, method, path, status, endpoint, raised}] each once per test;
             kind is "http" or "websocket"; path is the route's template with every mount's prefix;
             endpoint is {file, line, name} (and wraps, the same of the function it wraps, if it is the
             inner function of a decorator that did not use functools.wraps); raised is {type, file, line, status,
             statement} or null, where statement says what stands on that line: "raise", "assert" or "other" (a
             call into a library that raised); answered is {file, line, status} of the error response that the
             repository's own code made, if that was the answer, or null
  unmatched  [{test, kind, method, path, status}] requests that no route took (404, or 403 for a WebSocket)
  raised_http [{test, file, line, status, in_request}] every HTTPException that was created in app code
  calls      [{test, file, line, name, hops}] app functions entered straight from a test's or conftest's frame,
             outside any request; hops is the number of library frames between (0: called by the test itself, or
             a coroutine that the test made and handed to an event loop: asyncio.run, gather, create_task;
             more: pydantic validators, mocks, ORM hooks and the like)
  functions  [{file, line, name, in_request, direct}] every app function that ran, and how
  routes     [{kind, methods, path, endpoint}] the routes of every app that took a request
File names are relative to ORACLE_ROOT; lines are `co_firstlineno` (the first decorator's line, if any).
An HTTPEndpoint class is one endpoint per method that it defines.  Requests that reach a server in a forked or
spawned Python process are recorded too (the folder child/ beside this file makes a spawned one follow its parent).
"""

import ast
import asyncio
import contextvars
import functools
import inspect
import os
import shutil
import sys
import tempfile
import threading
import weakref
from io import open  # this and the next line by name: a test may replace what is in the modules
from json import dump, dumps as _dumps, load, loads
from os import pwrite

ROOT = os.path.realpath(os.environ.get("ORACLE_ROOT", os.getcwd())) + os.sep
APP = [os.path.normpath(os.path.join(ROOT, p)) for p in os.environ.get("ORACLE_APP", "app").split(":")]
TESTS = [os.path.normpath(os.path.join(ROOT, p)) for p in os.environ.get("ORACLE_TESTS", "tests").split(":")]
OUT = os.environ.get("ORACLE_OUT", "behavior-truth.json")
WITH_CALLS = os.environ.get("ORACLE_CALLS", "1") != "0"

dumps = functools.partial(_dumps, default=str)  # a mock may stand for a status or a name

current = {"test": None, "phase": None}
request_record = contextvars.ContextVar("behavior_oracle_request", default=None)
outcomes, uncollected, routes = {}, {}, {}
requests, unmatched, raised_http, calls = {}, {}, {}, {}
functions = {}
apps = weakref.WeakSet()
walked = weakref.WeakKeyDictionary()


def _under(path, roots):
    return any(path == r or path.startswith(r.rstrip(os.sep) + os.sep) for r in roots)


@functools.lru_cache(maxsize=None)
def _place(filename):
    """'test', 'app' or None for a code object's file name, with the name relative to the root."""
    if filename.startswith("<"):  # <string>, <frozen posixpath>, <attrs generated ...>: no file at all
        return None, None
    real = os.path.realpath(filename)
    if not real.startswith(ROOT) or "site-packages" in real:
        return None, None
    if _under(real, TESTS):
        return "test", real[len(ROOT):]
    if _under(real, APP):
        return "app", real[len(ROOT):]
    return None, None


def _verbs(endpoint):
    """The methods that an HTTPEndpoint class answers, or None for any other endpoint."""
    if not inspect.isclass(endpoint) or "HTTPEndpoint" not in {c.__name__ for c in endpoint.__mro__}:
        return None
    known = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return [verb for verb in known if getattr(endpoint, verb.lower(), None)]


def _describe(func):
    func = inspect.unwrap(func) if callable(func) else func
    while isinstance(func, functools.partial):
        func = func.func
    code = getattr(func, "__code__", None)
    if code is None and not inspect.isclass(func):  # a callable instance
        func = getattr(func, "__call__", func)
        code = getattr(func, "__code__", None)
    name = getattr(func, "__qualname__", type(func).__qualname__)
    if code is None:
        try:
            return {"file": _place(inspect.getsourcefile(func))[1], "line": inspect.getsourcelines(func)[1], "name": name}
        except (TypeError, OSError):
            return {"file": None, "line": None, "name": name}
    place = {"file": _place(code.co_filename)[1], "line": code.co_firstlineno, "name": name}
    # a decorator's inner function without functools.wraps: the function it was given is in its closure
    for variable, cell in zip(code.co_freevars, getattr(func, "__closure__", None) or ()):
        if variable in ("func", "fn", "f", "function", "endpoint") and "<locals>" in name:
            try:
                inner = cell.cell_contents
            except ValueError:
                continue
            if inspect.isfunction(inner) or inspect.ismethod(inner):
                place["wraps"] = _describe(inner)
    return place


@functools.lru_cache(maxsize=None)
def _statements(filename):
    """(first line, last line, "raise" or "assert") of those statements of a file."""
    try:
        with open(filename, "rb") as source:
            tree = ast.parse(source.read())
    except (OSError, SyntaxError, ValueError):
        return ()
    kinds = {ast.Raise: "raise", ast.Assert: "assert"}
    return tuple((n.lineno, n.end_lineno, kinds[type(n)]) for n in ast.walk(tree) if type(n) in kinds)


def _statement(filename, line):
    return next((kind for first, last, kind in _statements(filename) if first <= line <= last), "other")


def _raised(exc):
    """Innermost frame of the traceback that lies in the repo."""
    found, tb = None, exc.__traceback__
    while tb is not None:
        where, rel = _place(tb.tb_frame.f_code.co_filename)
        if where:
            found = {"file": rel, "line": tb.tb_lineno, "statement": _statement(tb.tb_frame.f_code.co_filename, tb.tb_lineno)}
        tb = tb.tb_next
    status = getattr(exc, "status_code", None)
    base = {"type": type(exc).__name__, "status": status if isinstance(status, int) else None}
    return {**base, **(found or {"file": None, "line": None, "statement": "other"})}


def _walk(router_routes, prefix=""):
    for route in router_routes:
        if hasattr(route, "effective_candidates"):  # FastAPI >= 0.13x: an included router, resolved lazily
            inner = list(route.effective_candidates()) + list(route.effective_low_priority_routes())
            yield from _walk(inner, prefix)
            continue
        if hasattr(route, "original_route"):  # one route in the light of the routers that include it
            if route.starlette_route is not None:
                yield from _walk([route.starlette_route], prefix)
            elif getattr(route, "methods", None):
                yield "http", sorted(route.methods), prefix + (getattr(route, "path_format", None) or route.path), route.endpoint
            continue
        cls = type(route).__mro__
        names = {c.__name__ for c in cls}
        path = getattr(route, "path_format", None) or getattr(route, "path", "")
        if "Mount" in names:
            inner = getattr(route, "routes", None) or []
            if path.endswith("/{path}"):  # Mount compiles its path with "/{path:path}" after it
                path = path[: -len("/{path}")]
            if inner:
                yield from _walk(inner, prefix + path)
            else:
                yield "mount", [], prefix + path, getattr(route, "app", None)
        elif "WebSocketRoute" in names or "APIWebSocketRoute" in names:
            yield "websocket", [], prefix + path, route.endpoint
        elif "Route" in names or "APIRoute" in names:
            verbs = None if route.methods else _verbs(route.endpoint)
            if verbs is None:
                yield "http", sorted(route.methods or []), prefix + path, route.endpoint
            for verb in verbs or []:
                yield "http", [verb], prefix + path, getattr(route.endpoint, verb.lower())
        elif getattr(route, "routes", None):
            yield from _walk(route.routes, prefix)


def _patch():
    import starlette.applications as applications
    import starlette.routing as routing

    original_call = applications.Starlette.__call__

    async def app_call(self, scope, receive, send):
        if scope["type"] not in ("http", "websocket"):
            return await original_call(self, scope, receive, send)
        if request_record.get() is not None:
            return await original_call(self, scope, receive, send)
        apps.add(self)
        _follow()
        record = {"status": None, "route": None, "raised": None, "answers": [], "prefix": "", "test": current["test"], "phase": current["phase"]}
        token = request_record.set(record)

        async def watched_send(message):
            if message["type"] == "http.response.start":
                record["status"] = message["status"]
            elif message["type"] == "websocket.accept":
                record["status"] = 101
            elif message["type"] == "websocket.http.response.start":
                record["status"] = message["status"]
            elif message["type"] == "websocket.close" and record["status"] is None:
                record["status"] = 403
            await send(message)

        try:
            await original_call(self, scope, receive, watched_send)
        except BaseException as exc:
            if record["raised"] is None and isinstance(exc, Exception):
                record["raised"] = _raised(exc)
            raise
        finally:
            request_record.reset(token)
            _finish(scope, record)
            _note_routes(self)

    applications.Starlette.__call__ = app_call
    try:
        import fastapi.applications as fa

        if "__call__" in vars(fa.FastAPI):
            original_fastapi_call = fa.FastAPI.__call__

            async def fastapi_call(self, scope, receive, send):
                if request_record.get() is None and scope["type"] in ("http", "websocket"):  # not an app mounted in another
                    apps.add(self)
                return await original_fastapi_call(self, scope, receive, send)

            fa.FastAPI.__call__ = fastapi_call
    except ImportError:
        pass

    def effective(scope):
        """The route as its including routers see it (FastAPI >= 0.13x), or None."""
        try:
            from fastapi.routing import _get_scope_effective_route_context
        except ImportError:
            return None
        context = _get_scope_effective_route_context(scope)
        return context if context is not None and getattr(context, "methods", None) else None

    def watch_handle(cls, kind):
        if "handle" not in vars(cls):
            return
        original = cls.handle

        async def handle(self, scope, receive, send):
            record = request_record.get()
            if record is not None and record["route"] is None:
                seen = effective(scope) or self
                path, endpoint = record["prefix"] + (getattr(seen, "path_format", None) or seen.path), seen.endpoint
                if kind == "websocket":
                    record["route"] = (kind, path, endpoint)
                elif not seen.methods and _verbs(endpoint) is not None:
                    verb = scope["method"].lower()
                    method = getattr(endpoint, verb, None) or (verb == "head" and getattr(endpoint, "get", None))
                    if method:
                        record["route"] = (kind, path, method)
                elif not seen.methods or scope["method"] in seen.methods:
                    record["route"] = (kind, path, endpoint)
            return await original(self, scope, receive, send)

        cls.handle = handle

    watch_handle(routing.Route, "http")
    watch_handle(routing.WebSocketRoute, "websocket")
    original_mount = routing.Mount.handle

    async def mount_handle(self, scope, receive, send):
        record = request_record.get()
        before = None
        if record is not None:
            before = record["prefix"]
            record["prefix"] = before + (getattr(self, "path_format", None) or self.path).removesuffix("/{path}")
        try:
            return await original_mount(self, scope, receive, send)
        finally:
            if record is not None:
                record["prefix"] = before

    routing.Mount.handle = mount_handle

    import starlette.exceptions as exceptions

    original_init = exceptions.HTTPException.__init__

    def init(self, *args, **kwargs):
        original_init(self, *args, **kwargs)
        frame = sys._getframe(1)
        while frame is not None and (frame.f_code.co_name == "__init__" or _place(frame.f_code.co_filename)[0] is None):
            frame = frame.f_back
        if frame is not None:
            where, rel = _place(frame.f_code.co_filename)
            if where == "app":
                key = (current["test"], rel, frame.f_lineno, int(self.status_code), request_record.get() is not None)
                raised_http[key] = dict(zip(("test", "file", "line", "status", "in_request"), key))

    exceptions.HTTPException.__init__ = init

    import starlette.responses as responses
    import starlette.websockets as websockets

    def note_answer(status, frame):
        """An error answer that the repository's own code makes: where it does."""
        record = request_record.get()
        while frame is not None and frame.f_code.co_name == "__init__":
            frame = frame.f_back
        if record is not None and frame is not None and isinstance(status, int) and _place(frame.f_code.co_filename)[0]:
            record["answers"].append({"file": _place(frame.f_code.co_filename)[1], "line": frame.f_lineno, "status": int(status)})

    original_response = responses.Response.__init__

    def response_init(self, content=None, status_code=200, *args, **kwargs):
        original_response(self, content, status_code, *args, **kwargs)
        if isinstance(status_code, int) and status_code >= 400:
            note_answer(status_code, sys._getframe(1))

    responses.Response.__init__ = response_init
    original_close = websockets.WebSocket.close

    def close(self, code=1000, reason=None):
        if code != 1000:
            note_answer(code, sys._getframe(1))
        return original_close(self, code, reason)

    websockets.WebSocket.close = close

    def watch_wrap(module):
        original_wrap = getattr(module, "wrap_app_handling_exceptions", None)
        if original_wrap is None:
            return

        def wrap_app(app, conn):
            async def watched_app(scope, receive, send):
                try:
                    await app(scope, receive, send)
                except Exception as exc:
                    record = request_record.get()
                    if record is not None and record["raised"] is None and "RequestValidationError" not in type(exc).__name__:
                        record["raised"] = _raised(exc)
                    raise

            return original_wrap(watched_app, conn)

        module.wrap_app_handling_exceptions = wrap_app

    watch_wrap(routing)

    try:
        import fastapi.routing as fr
    except ImportError:
        return
    watch_wrap(fr)
    for cls_name, kind in (("APIRoute", "http"), ("APIWebSocketRoute", "websocket")):
        watch_handle(getattr(fr, cls_name), kind)
    for name in ("run_endpoint_function", "solve_dependencies"):
        original = getattr(fr, name, None)
        if original is None:
            continue

        def wrap(original):
            @functools.wraps(original)
            async def watched(*args, **kwargs):
                try:
                    return await original(*args, **kwargs)
                except Exception as exc:
                    record = request_record.get()
                    if record is not None and record["raised"] is None:
                        record["raised"] = _raised(exc)
                    raise

            return watched

        setattr(fr, name, wrap(original))


def _add_route(kind, methods, path, endpoint):
    """Several apps of one suite may have the same path: the endpoint is part of what makes a route."""
    where = _describe(endpoint) if endpoint else None
    key = (kind, tuple(methods), path, dumps(where, sort_keys=True))
    routes[key] = {"kind": kind, "methods": methods, "path": path, "endpoint": where}


def _note_routes(app):
    """The routes of an app, again whenever their number has changed: a test's own app may not live until the end."""
    try:
        size = len(app.routes)
        if walked.get(app) == size:
            return
        walked[app] = size
        for kind, methods, path, endpoint in _walk(app.routes):
            _add_route(kind, methods, path, endpoint)
    except Exception:  # a half-built app must not fail the request
        pass


def _finish(scope, record):
    test, kind = record["test"] or current["test"], scope["type"]
    method = scope.get("method", "")
    if record["route"] is None:
        seen = dict(zip(("test", "kind", "method", "path", "status"), (test, kind, method, scope["path"], record["status"])))
        return _add(unmatched, "unmatched", seen)
    kind, path, endpoint = record["route"]
    answers = [a for a in record["answers"] if kind == "websocket" or a["status"] == record["status"]]
    _add(requests, "requests", {
        "test": test, "phase": record["phase"], "kind": kind, "method": method, "path": path, "status": record["status"],
        "endpoint": _describe(endpoint), "raised": record["raised"], "answered": answers[-1] if answers else None,
    })


def _add(table, name, row):
    key = dumps(row, sort_keys=True)
    if child["log"]:  # a server in another process: its parent collects the lines
        with open(child["log"], "a") as log:
            log.write(dumps([name, row]) + "\n")
    table.setdefault(key, row)


child = {"log": None, "current": None}  # set in a process that a test has started
family = {"log": None, "current": None}  # the files between parent and child


def follow_parent():
    """In a process that a test has started: write each request down at once, under the name of the parent's test."""
    child["log"] = family["log"] or os.environ["ORACLE_CHILD_LOG"]
    child["current"] = family["current"] or os.environ["ORACLE_CHILD_CURRENT"]


def _follow():
    if child["current"]:
        with open(child["current"]) as file:
            current["test"], current["phase"] = load(file)


def _announce():
    """Tells child processes which test is running."""
    pwrite(family["descriptor"], dumps([current["test"], current["phase"]]).encode().ljust(8192), 0)


def _prepare_children():
    folder = tempfile.mkdtemp(prefix="oracle-")
    family.update(log=os.path.join(folder, "requests"), current=os.path.join(folder, "current"))
    os.environ["ORACLE_CHILD_LOG"], os.environ["ORACLE_CHILD_CURRENT"] = family["log"], family["current"]
    os.environ["ORACLE_PARENT"] = str(os.getpid())
    family["descriptor"] = os.open(family["current"], os.O_CREAT | os.O_WRONLY)
    here = os.path.dirname(os.path.abspath(__file__))
    known = [p for p in os.environ.get("PYTHONPATH", "").split(os.pathsep) if p]
    os.environ["PYTHONPATH"] = os.pathsep.join([os.path.join(here, "child"), here, *known])
    os.register_at_fork(after_in_child=follow_parent)
    _announce()


def _collect_children():
    try:
        with open(family["log"]) as log:
            for line in log:
                name, row = loads(line)
                _add({"requests": requests, "unmatched": unmatched}[name], name, row)
    except FileNotFoundError:
        pass
    shutil.rmtree(os.path.dirname(family["log"]), ignore_errors=True)


def _made_by_test(frame):
    """Whether this is the outermost coroutine of a task, and a test's own code made the coroutine."""
    try:
        coroutine = asyncio.current_task().get_coro()
    except (RuntimeError, AttributeError):
        return False
    if getattr(coroutine, "cr_frame", None) is not frame or not coroutine.cr_origin:
        return False
    return _place(coroutine.cr_origin[0][0])[0] == "test"


def _profile(frame, event, arg):
    if event != "call":
        return
    code = frame.f_code
    if not code.co_flags & inspect.CO_OPTIMIZED:  # a module's or a class's body
        return
    where, rel = _place(code.co_filename)
    if where != "app" or code.co_name in ("<module>", "<lambda>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>"):
        return
    name = getattr(code, "co_qualname", code.co_name)
    key = (rel, code.co_firstlineno, name)
    entry = functions.get(key)
    if entry is None:
        entry = functions[key] = {"file": rel, "line": code.co_firstlineno, "name": name, "in_request": False, "direct": False}
    if request_record.get() is not None:
        entry["in_request"] = True
        return
    if code.co_flags & inspect.CO_COROUTINE and current["test"] and _made_by_test(frame):
        entry["direct"] = True
        call = (current["test"], rel, code.co_firstlineno, name)
        calls[call] = {**dict(zip(("test", "file", "line", "name"), call)), "hops": 0}
        return
    back = frame.f_back
    # awaited coroutines and generator fixtures are resumed by library frames: step over those
    hops = 0
    while back is not None and _place(back.f_code.co_filename)[0] is None and hops < 3:
        back, hops = back.f_back, hops + 1
    if back is not None and _place(back.f_code.co_filename)[0] == "test" and current["test"]:
        entry["direct"] = True
        call = (current["test"], rel, code.co_firstlineno, name)
        if call not in calls:
            calls[call] = {**dict(zip(("test", "file", "line", "name"), call)), "hops": hops}
        elif hops < calls[call]["hops"]:
            calls[call]["hops"] = hops


MONITORING = WITH_CALLS and hasattr(sys, "monitoring")  # Python >= 3.12: far cheaper than a profile hook


def _start(code, offset):
    if not code.co_flags & inspect.CO_OPTIMIZED or _place(code.co_filename)[0] != "app":
        return sys.monitoring.DISABLE
    _profile(sys._getframe(1), "call", None)


def pytest_configure(config):
    _patch()
    _prepare_children()
    if WITH_CALLS:
        sys.set_coroutine_origin_tracking_depth(1)
    if MONITORING:
        tool = sys.monitoring.PROFILER_ID
        sys.monitoring.use_tool_id(tool, "behavior_oracle")
        sys.monitoring.register_callback(tool, sys.monitoring.events.PY_START, _start)
        sys.monitoring.set_events(tool, sys.monitoring.events.PY_START)
    elif WITH_CALLS:  # this thread's hook is set when the first test begins: collection would only be slowed down
        threading.setprofile(_profile)


def pytest_runtest_logreport(report):
    before = outcomes.get(report.nodeid)
    if report.failed:
        outcomes[report.nodeid] = "failed" if report.when == "call" else "error"
    elif report.skipped and before is None:
        outcomes[report.nodeid] = "skipped"
    elif report.when == "call" and before is None:
        outcomes[report.nodeid] = report.outcome


def pytest_collectreport(report):
    if report.failed or report.skipped:
        uncollected[report.nodeid] = "error" if report.failed else "skipped"


import pytest  # noqa: E402


def _phase(name):
    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def hook(item):
        current["test"], current["phase"] = item.nodeid, name
        _announce()
        if WITH_CALLS and not MONITORING and sys.getprofile() is None:
            sys.setprofile(_profile)
        yield

    return hook


pytest_runtest_setup = _phase("setup")
pytest_runtest_call = _phase("call")


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_teardown(item):
    current["test"], current["phase"] = item.nodeid, "teardown"
    _announce()
    yield


def pytest_sessionfinish(session):
    if MONITORING:
        sys.monitoring.set_events(sys.monitoring.PROFILER_ID, 0)
        sys.monitoring.free_tool_id(sys.monitoring.PROFILER_ID)
    else:
        sys.setprofile(None)
        threading.setprofile(None)
    _collect_children()
    for app in list(apps):
        for kind, methods, path, endpoint in _walk(getattr(app, "routes", [])):
            _add_route(kind, methods, path, endpoint)
    result = {
        "outcomes": outcomes,
        "uncollected": uncollected,
        "requests": sorted(requests.values(), key=lambda r: dumps(r, sort_keys=True)),
        "unmatched": sorted(unmatched.values(), key=lambda r: dumps(r, sort_keys=True)),
        "raised_http": sorted(raised_http.values(), key=lambda r: dumps(r, sort_keys=True)),
        "calls": sorted(calls.values(), key=lambda r: dumps(r, sort_keys=True)),
        "functions": sorted(functions.values(), key=lambda r: (r["file"], r["line"], r["name"])),
        "routes": sorted(routes.values(), key=lambda r: (r["path"], r["kind"], r["methods"], dumps(r["endpoint"], sort_keys=True))),
    }
    with open(OUT, "w") as out:
        dump(result, out, indent=1, sort_keys=True, default=str)
