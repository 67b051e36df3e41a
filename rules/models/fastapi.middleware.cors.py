"""`fastapi.middleware.cors`: Starlette's."""

from starlette.middleware.cors import CORSMiddleware
