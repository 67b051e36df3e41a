"""`traitlets.config`: classes whose attributes a configuration may set."""

from traitlets import HasTraits


class Configurable(HasTraits): ...
class LoggingConfigurable(HasTraits): ...
class SingletonConfigurable(HasTraits): ...


class Application(SingletonConfigurable):
    def initialize(self, *args, **options):
        return None

    @classmethod
    def launch_instance(cls, *args, **options):
        app = cls()
        app.initialize()
        app.start()
