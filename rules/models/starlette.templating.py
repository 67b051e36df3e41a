"""`starlette.templating`: answers that are rendered from templates.

Source: https://www.starlette.io/templates/
"""

import covgap
from starlette.responses import HTMLResponse


class _TemplateResponse(HTMLResponse): ...


class Jinja2Templates:
    def __init__(self, directory=None, *, context_processors=None, env=None, **options):
        self.env = env if env is not None else covgap.unknown("library")

    def get_template(self, name):
        return covgap.unknown("library")

    def TemplateResponse(self, *args, context=None, status_code=200, headers=None, **options):
        # `(request, name, context, status_code)`, or as before without the request.
        for position, value in enumerate(args):
            if position > 1 and isinstance(value, int):
                status_code = value
        return _TemplateResponse(context, status_code=status_code, headers=headers)
