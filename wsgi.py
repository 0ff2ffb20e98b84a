"""gunicorn's door: ``gunicorn --config service/gunicorn.py wsgi:app``."""

from service.app import create_app
from service.config import Config
from service.operations.logs import configure

_config = Config.from_environ()
configure(_config)
app = create_app(_config)
