"""`fastapi.param_functions`: the markers of parameters."""

from fastapi.params import Body, Cookie, Depends, File, Form, Header, Path, Query, Security
