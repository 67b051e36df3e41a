"""`string`: letters, and templates with `$name` in them.

Source: https://docs.python.org/3/library/string.html
"""

import covgap

ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = "0123456789abcdefABCDEF"
octdigits = "01234567"
punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
whitespace = " \t\n\r\v\f"
printable = digits + ascii_letters + punctuation + whitespace


class Template:
    def __init__(self, template):
        self.template = template

    def substitute(self, mapping=None, /, **values):
        text = self.template
        known = {**(mapping or {}), **values}
        for name in sorted(known, key=len, reverse=True):
            value = str(known[name])
            text = text.replace("${" + name + "}", value).replace("$" + name, value)
        return text.replace("$$", "$")

    safe_substitute = substitute


def capwords(text, sep=None):
    return (sep or " ").join([word.capitalize() for word in text.split(sep)])


class Formatter:
    def format(self, template, *args, **kwargs):
        return template.format(*args, **kwargs)
