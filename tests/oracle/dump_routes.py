#!/usr/bin/env python3
"""Writes a production app's route table: dump_routes.py package.module:app [--lifespan] > ROUTES.json

A factory is called when the name ends in "()", as in package.module:create_app(); --lifespan starts the app up first,
for routes that only the startup registers.  Environment as for behavior_oracle.py (ORACLE_ROOT, ORACLE_APP).
An endpoint outside the repository gets "external": true.
"""

import asyncio
import importlib
import json
import sys

import behavior_oracle as oracle


def main(target, start_up):
    module, _, attribute = target.removesuffix("()").partition(":")
    sys.path.insert(0, "")
    app = importlib.import_module(module)
    for part in (attribute or "app").split("."):
        app = getattr(app, part)
    if target.endswith("()"):
        app = app()
    if start_up:
        asyncio.run(started(app))
    table = []
    for kind, methods, path, endpoint in oracle._walk(app.routes):
        where = oracle._describe(endpoint) if endpoint else None
        row = {"kind": kind, "methods": methods, "path": path, "endpoint": where}
        if not (where or {}).get("file"):
            row["external"] = True
        table.append(row)
    json.dump(table, sys.stdout, indent=1)


async def started(app):
    async with app.router.lifespan_context(app):
        pass


if __name__ == "__main__":
    main(sys.argv[1], "--lifespan" in sys.argv[2:])
