"""`urllib.parse`: joining and splitting URLs.

Source: https://docs.python.org/3/library/urllib.parse.html
"""

import covgap


def urljoin(base, url, allow_fragments=True):
    return covgap.join_url(base, url)


def quote(text, safe="/", **options):
    return text


quote_plus = unquote = unquote_plus = quote


def urlencode(query, doseq=False, **options):
    return covgap.hole()


class _Parts:
    def __init__(self, url):
        self.scheme, self.netloc, self.path, self.query, self.fragment = covgap.split_url(url)
        self.params = ""
        self.hostname = self.netloc

    def geturl(self):
        return self.scheme + "://" + self.netloc + self.path

    def __iter__(self):
        return [self.scheme, self.netloc, self.path, self.params, self.query, self.fragment]

    def __getitem__(self, index):
        return [self.scheme, self.netloc, self.path, self.params, self.query, self.fragment][index]

    def _replace(self, **changes):
        return covgap.copy(self, changes)


def urlparse(url, *args, **options):
    return _Parts(url)


urlsplit = urlparse


def parse_qs(query, **options):
    return covgap.unknown("run-time-value") if covgap.is_known(query) else query


parse_qsl = parse_qs


def urlunparse(parts):
    return parts[0] + "://" + parts[1] + parts[2]


urlunsplit = urlunparse
