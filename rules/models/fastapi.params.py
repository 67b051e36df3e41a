"""`fastapi.params`: where a handler's parameters come from.

Source: https://fastapi.tiangolo.com/reference/parameters/
"""

import covgap


class Depends:
    def __init__(self, dependency=None, *, use_cache=True, scope=None, **options):
        self.dependency = dependency


class Security(Depends): ...


class Param:
    covgap_field = True

    def __init__(self, default=covgap.unknown("parameter"), *args, default_factory=None, **options):
        self.default = default
        self.default_factory = default_factory


class Query(Param): ...
class Path(Param): ...
class Header(Param): ...
class Cookie(Param): ...
class Body(Param): ...
class Form(Body): ...
class File(Form): ...
