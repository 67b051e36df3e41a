"""`pydantic`: models are filled from the annotated names of their class.

Source: https://docs.pydantic.dev
"""

import covgap
import os
import re
from typing import TypedDict


class ValidationError(ValueError): ...


class FieldInfo:
    covgap_field = True
    annotation = covgap.unknown("parameter")

    def __init__(self, default=covgap.unknown("parameter"), default_factory=None, validation_alias=None, limits={}):
        self.default = default
        self.covgap_limits = limits
        self.default_factory = default_factory
        self.validation_alias = validation_alias

    def is_required(self):
        return not covgap.is_known(self.default) and self.default_factory is None


def Field(default=covgap.unknown("parameter"), *, default_factory=None, alias=None, validation_alias=None, env=None, **options):
    return FieldInfo(default, default_factory, validation_alias or alias or env, options)


PrivateAttr = Field


class AliasChoices:
    covgap_choices = True

    def __init__(self, *choices):
        self.choices = choices


class AliasPath:
    def __init__(self, *path):
        self.path = path


def _dumped(value):
    if covgap.marks(value, "covgap_given"):
        return value.model_dump()
    return [_dumped(one) for one in value] if isinstance(value, list) else value


def _parse_fields(model, data, names):
    """A mapping that is given for a field of another model becomes one."""
    for name, annotation in covgap.annotations(type(model)):
        if name in names:
            setattr(model, name, covgap.parse(annotation, data[name]))


class _Fields:
    """What a model says of its fields, by their names."""

    def __get__(self, instance, owner):
        known = getattr(owner, "covgap_described", None)
        if known is None or known[0] is not owner:
            fields = {name: _described(owner, name, annotation) for name, annotation in covgap.annotations(owner)}
            owner.covgap_described = known = (owner, fields)
        return known[1]


def _described(owner, name, annotation):
    default = getattr(owner, name, covgap.unknown("parameter"))
    is_field = covgap.marks(default, "covgap_field")
    described = covgap.copy(default, {}) if is_field else FieldInfo(default)
    described.annotation = annotation
    return described


class BaseModel:
    covgap_parsed = True
    model_fields = __fields__ = _Fields()
    # Of one that is only expected nobody knows what it was given.
    covgap_given = covgap.unknown("run-time-value")

    def __init_subclass__(cls, **options):
        names = covgap.marked(cls, "covgap_validates")
        if names:
            cls.covgap_validators = names
        names = covgap.marked(cls, "covgap_transforms")
        if names:
            cls.covgap_transformers = names

    def __init__(self, /, **data):
        covgap.fields(self, (), data)
        self.covgap_given = data.keys()
        nested = [name for name, value in data.items() if isinstance(value, dict)]
        if nested:
            _parse_fields(self, data, nested)
        after = getattr(self, "model_post_init", None)
        if after is not None:
            after(None)

    @property
    def model_fields_set(self):
        return self.covgap_given

    def model_dump(self, *, exclude_unset=False, exclude_none=False, exclude=None, include=None, **options):
        if not covgap.is_known(self.covgap_given):
            return covgap.unknown("run-time-value")
        data = {}
        for name in covgap.field_names(type(self)):
            if exclude_unset and name not in self.covgap_given:
                continue
            if exclude is not None and name in exclude or include is not None and name not in include:
                continue
            value = getattr(self, name)
            if not (exclude_none and value is None):
                data[name] = _dumped(value)
        for name, value in covgap_computed(type(self)):
            data[name] = _dumped(getattr(self, name))
        return data

    dict = model_dump

    def json(self, **options):
        return covgap.unknown("run-time-value")

    model_dump_json = json

    def model_copy(self, *, update=None, deep=False):
        return covgap.copy(self, update or {})

    copy = model_copy

    def model_post_init(self, context):
        return None

    @classmethod
    def model_validate(cls, value, **options):
        return covgap.parse(cls, value)

    parse_obj = model_validate
    from_orm = model_validate

    @classmethod
    def model_validate_json(cls, value, **options):
        known = covgap.data("json", value)
        if covgap.is_known(known) and isinstance(known, dict):
            return covgap.parse(cls, known)
        return covgap.instance(cls)

    parse_raw = model_validate_json

    @classmethod
    def parse_file(cls, path, **options):
        return cls.model_validate_json(covgap.file_text(path))

    @classmethod
    def model_construct(cls, *args, **data):
        return covgap.parse(cls, data)

    construct = model_construct

    @classmethod
    def model_rebuild(cls, **options):
        return None

    update_forward_refs = model_rebuild

    @classmethod
    def model_json_schema(cls, **options):
        return covgap.unknown("library")


class RootModel(BaseModel): ...
class GenericModel(BaseModel): ...


class BaseSettings(BaseModel):
    """Settings with defaults, filled from what the run sets in the environment, and from files of variables that the project has."""

    @classmethod
    def model_validate(cls, value, **options):
        return cls(**value) if covgap.is_certain(value) and isinstance(value, dict) else covgap.parse(cls, value)

    parse_obj = model_validate

    def __init__(
        self,
        /,
        _env_prefix=None,
        _env_file=None,
        _env_file_encoding=None,
        _env_nested_delimiter=None,
        _case_sensitive=None,
        _secrets_dir=None,
        **data,
    ):
        cls = type(self)
        config = getattr(cls, "model_config", None) or vars(getattr(cls, "Config", object))
        files = config.get("env_file") if _env_file is None else _env_file
        prefix = config.get("env_prefix", "") if _env_prefix is None else _env_prefix
        delimiter = config.get("env_nested_delimiter") if _env_nested_delimiter is None else _env_nested_delimiter
        super().__init__(**{**_of_variables(cls, prefix, delimiter, _variables(cls, files)), **data})
        for name in getattr(cls, "covgap_transformers", ()):
            _transform(self, getattr(cls, name))


class _Info:
    """What a validator is told beside the value."""

    def __init__(self, data, field_name):
        self.data = data
        self.field_name = field_name
        self.context = None
        self.mode = "python"


def _transform(model, function):
    """What a validator makes of the values of settings, defaults as well. What it refuses stays."""
    cls = type(model)
    names = [parameter for parameter, annotation, default, kind in covgap.parameters(function)]
    own = (cls,) if names[:1] == ["cls"] else ()
    fields = covgap.field_names(cls)
    for field in fields if "*" in function.covgap_transforms else function.covgap_transforms:
        if field not in fields:
            continue
        data = {name: getattr(model, name) for name in fields[: fields.index(field)]}
        more = [data if name == "values" else _Info(data, field) for name in names[len(own) + 1 :]]
        try:
            setattr(model, field, function(*own, getattr(model, field), *more))
        except Exception:
            continue


def _variables(cls, files):
    """What is set, by names in lower case. A file's come after those of the ones before it, and the environment's after all."""
    found = {}
    if files is not None:
        for path in files if isinstance(files, (list, tuple)) else (files,):
            for name, value in (covgap.variables(str(path), cls) or {}).items():
                found[name.lower()] = value
    for name, value in covgap.payload(os.environ).items():
        if not covgap.marks(value, "covgap_absent"):
            found[name.lower()] = value
    return found


def _of_variables(cls, prefix, delimiter, variables):
    """The fields whose variables are set, whatever their case; those of a nested model by variables of its own."""
    found = {}
    if not variables:
        return found
    aliases, names = _readable(cls)
    texts, nested = {}, {}
    for variable, text in variables.items():
        name = aliases.get(variable)
        inner = variable[len(prefix) :] if variable.startswith(prefix.lower()) else None
        if name is not None:
            texts[name] = text
        elif inner in names:
            texts[names[inner]] = text
        elif delimiter is not None and inner is not None:
            head, _, rest = inner.partition(delimiter.lower())
            if rest and head in names:
                nested.setdefault(names[head], {})[rest] = text
    if texts or nested:
        for name, annotation in covgap.annotations(cls):
            if name in texts:
                found[name] = covgap.parse(annotation, covgap.provided(texts[name]))
            elif name in nested and covgap.is_class(annotation):
                inner = _of_variables(annotation, "", delimiter, nested[name])
                if inner:
                    found[name] = inner
    return found


def _readable(cls):
    """The fields by their variables: those with a name of its own, and the others, before which the prefix comes."""
    known = getattr(cls, "covgap_readable", None)
    if known is not None and known[0] is cls:
        return known[1], known[2]
    aliases, names = {}, {}
    for name in covgap.field_names(cls):
        field = getattr(cls, name, None)
        alias = field.validation_alias if covgap.marks(field, "covgap_field") else None
        if alias is None:
            names[name.lower()] = name
        for variable in _names_of(alias):
            aliases[variable.lower()] = name
    cls.covgap_readable = (cls, aliases, names)
    return aliases, names


def _names_of(alias):
    if isinstance(alias, str):
        return (alias,)
    names = alias.choices if covgap.marks(alias, "covgap_choices") else alias
    return [name for name in names if isinstance(name, str)] if isinstance(names, (list, tuple)) else ()


def _keep(*args, **options):
    return lambda function: function


field_serializer = model_serializer = _keep


def field_validator(*names, mode="after", **options):
    def mark(function):
        if mode == "after":
            function.covgap_validates = names
        if names and mode != "wrap":
            function.covgap_transforms = names
        return function

    return mark


def validator(*names, pre=False, **options):
    return field_validator(*names, mode="before" if pre else "after")


def model_validator(*, mode):
    return field_validator(mode=mode)


def root_validator(*args, **options):
    if args and covgap.is_function(args[0]):
        return args[0]
    return lambda function: function


def covgap_validate(model, call):
    """Looks at a model as its validators do. What they say of a value, the framework answers; what else they raise comes out."""
    cls = type(model)
    for name in cls.covgap_validators:
        function = getattr(cls, name)
        names = [parameter for parameter, annotation, default, kind in covgap.parameters(function)]
        own = (cls,) if names[:1] == ["cls"] else ()
        more = [covgap.unknown("parameter") for _ in names[len(own) + 1 :]]
        try:
            if not function.covgap_validates:
                call(function, model)
            for field in function.covgap_validates:
                if hasattr(model, field):
                    call(function, *own, getattr(model, field), *more)
        except (ValueError, AssertionError):
            pass


def covgap_fits(kind, limits, value):
    """May the value be given where one of this kind, within these limits, is asked for? False: surely not."""
    if not covgap.is_certain(kind):
        return True
    if isinstance(value, str):
        if not covgap.is_known(len(value)):
            return True
        if kind is int or kind is float:
            if not re.fullmatch("[+-]?[0-9]+([.]0*)?" if kind is int else "[+-]?([0-9]*[.])?[0-9]+([eE][+-]?[0-9]+)?|[0-9]+[.]|nan|inf", value.strip()):
                return False
            value = float(value) if "." in value or kind is float else int(value)
        elif kind is not str and covgap.is_class(kind) and getattr(kind, "covgap_reads", False):
            try:
                kind(value)
            except ValueError:
                return False
            return True
    if isinstance(value, str) and kind is str:
        size = len(value)
        pattern = limits.get("pattern", limits.get("regex"))
        if pattern is not None and covgap.is_known(pattern) and not re.search(pattern, value):
            return False
        return not ("min_length" in limits and size < limits["min_length"] or "max_length" in limits and size > limits["max_length"])
    if isinstance(value, (int, float)) and (kind is int or kind is float):
        if value < limits.get("ge", value) or value > limits.get("le", value):
            return False
        return not ("gt" in limits and value <= limits["gt"] or "lt" in limits and value >= limits["lt"])
    return True


def covgap_lacks(model, data):
    """Is there a field that the data, of which the model is made, surely do not give as it must be given?"""
    cls = type(model)
    if not covgap.is_known(model.covgap_given):
        return False
    for name, annotation in covgap.annotations(cls):
        default = getattr(cls, name, covgap.unknown("parameter"))
        field = default if covgap.marks(default, "covgap_field") else None
        for extra in covgap.metadata(annotation):
            if covgap.marks(extra, "covgap_field"):
                field = extra
        kind = covgap.plain_type(annotation)
        given = name in model.covgap_given
        if not covgap.is_known(given):
            continue
        if given:
            value = data[name] if name in data else getattr(model, name)
            if not covgap_fits(kind, field.covgap_limits if field is not None else {}, value):
                return True
        # What may be None was not asked for by older versions.
        elif covgap.is_certain(kind) and (kind is str or kind is int or kind is float or kind is bool or covgap.is_class(kind)):
            is_asked_for = not covgap.is_known(default) if field is None or field is not default else field.is_required()
            if is_asked_for:
                return True
    return False


class _Computed:
    covgap_is_computed = True

    def __init__(self, function):
        self.covgap_function = function

    def __get__(self, instance, owner=None):
        if instance is None:
            return self
        function = self.covgap_function
        return function(instance) if covgap.is_function(function) else function.fget(instance)


def computed_field(function=None, **options):
    return _Computed if function is None else _Computed(function)


def covgap_computed(cls):
    """The computed fields of the class, by name."""
    return [(name, value) for name, value in vars(cls).items() if covgap.marks(value, "covgap_is_computed")]


def validate_call(function=None, **options):
    return function if function is not None else _keep()


validate_arguments = validate_call


class ConfigDict(TypedDict): ...


def create_model(name, **fields):
    return covgap.unknown("library")


def parse_obj_as(kind, value):
    return covgap.parse(kind, value)


class TypeAdapter:
    def __init__(self, kind, **options):
        self.kind = kind

    def __class_getitem__(cls, kind):
        return cls

    def validate_python(self, value, **options):
        return covgap.parse(self.kind, value)

    def validate_json(self, value, **options):
        return covgap.parse(self.kind, covgap.data("json", value))

    def dump_python(self, value, **options):
        return [_dumped(one) for one in value] if isinstance(value, list) else _dumped(value)


class SecretStr:
    covgap_reads = True
    _secret_value = covgap.hole()

    def __init__(self, secret_value):
        self._secret_value = secret_value

    def get_secret_value(self):
        return self._secret_value

    def __eq__(self, other):
        return isinstance(other, SecretStr) and self._secret_value == other._secret_value

    def __len__(self):
        return len(self._secret_value)

    def __str__(self):
        return "**********"


class SecretBytes(SecretStr): ...


class _Url(str): ...


AnyUrl = AnyHttpUrl = HttpUrl = PostgresDsn = RedisDsn = FileUrl = _Url
EmailStr = UUID4 = StrictStr = constr = str
StrictInt = PositiveInt = conint = NonNegativeInt = int
StrictBool = bool
