"""`hypercorn.asyncio`: serves an application."""

import covgap


def serve(app, *args, **options):
    covgap.serve(app, False)
