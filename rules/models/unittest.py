"""`unittest`: test cases with assertion methods.

Source: https://docs.python.org/3/library/unittest.html
"""

import covgap
from pytest import raises
from unittest import mock


class SkipTest(Exception): ...


class TestCase:
    covgap_test_case = True

    def assertEqual(self, first, second, msg=None):
        assert first == second

    assertEquals = assertCountEqual = assertListEqual = assertDictEqual = assertEqual

    def assertNotEqual(self, first, second, msg=None):
        assert first != second

    def assertTrue(self, value, msg=None):
        assert value

    def assertFalse(self, value, msg=None):
        assert not value

    def assertIn(self, member, container, msg=None):
        assert member in container

    def assertGreaterEqual(self, first, second, msg=None):
        assert first >= second

    def assertLess(self, first, second, msg=None):
        assert first < second

    def assertIsNotNone(self, value, msg=None):
        assert value is not None

    def assertIsNone(self, value, msg=None):
        assert value is None

    def assertNotIn(self, member, container, msg=None):
        covgap.asserts()

    assertIsInstance = assertAlmostEqual = assertGreater = assertLessEqual = assertRegex = assertIs = assertIsNot = assertNotIsInstance = assertNotIn

    def assertRaises(self, kind, *args, **options):
        return raises(kind, *args, **options)

    def assertRaisesRegex(self, kind, pattern, *args, **options):
        return raises(kind, *args, **options)

    def fail(self, msg=None):
        raise AssertionError(msg)

    def skipTest(self, reason):
        covgap.skip(reason)

    def subTest(self, *args, **kwargs):
        return covgap.unknown("library")

    def addCleanup(self, function, *args, **kwargs):
        return None

    addAsyncCleanup = addCleanup

    def enterContext(self, context):
        return covgap.enter(context)

    enterAsyncContext = enterContext

    def setUp(self):
        return None

    def asyncSetUp(self):
        return None

    @classmethod
    def setUpClass(cls):
        return None


class IsolatedAsyncioTestCase(TestCase): ...


def _skip(reason=""):
    import pytest

    return pytest.mark.skip(reason=reason)


skip = _skip


def skipIf(condition, reason=""):
    import pytest

    return pytest.mark.skipif(condition, reason=reason)


def skipUnless(condition, reason=""):
    import pytest

    return pytest.mark.skipif(not condition, reason=reason)


def expectedFailure(function):
    return function


def main(*args, **kwargs):
    return None
