"""`fastapi.params`: where a handler's parameters come from.

Source: https://fastapi.tiangolo.com/reference/parameters/
"""

import covgap


class Depends:
    covgap_dependency = True

    def __init__(self, dependency=None, *, use_cache=True, scope=None, **options):
        self.dependency = dependency


class Security(Depends): ...


class Param:
    covgap_field = True
    covgap_parameter = True

    def __init__(self, default=covgap.unknown("parameter"), *args, default_factory=None, alias=None, **options):
        self.default = default
        self.default_factory = default_factory
        self.alias = alias
        self.covgap_limits = options
        self.embed = options.get("embed", False)
        self.convert_underscores = options.get("convert_underscores", True)


class Query(Param): ...
class Path(Param): ...
class Header(Param): ...
class Cookie(Param): ...
class Body(Param): ...
class Form(Body): ...
class File(Form): ...
