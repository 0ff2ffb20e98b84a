"""gunicorn's settings: few processes with threads, since requests mostly wait."""

from importlib import import_module
from resource import RLIMIT_NOFILE, getrlimit, setrlimit

from rules import prepare
from service.config import Config
from service.kinds import netloc
from service.operations.gunicornlog import JsonLogger
from service.operations.logs import configure
from service.web.incoming import HEAD_BYTES
from service.web.limits import Limits
from service.web.worker import worker_within

CONNECTIONS = 1000  # of one process
FILES = 2 * CONNECTIONS + 256  # an upload has a file, too; and connections to database and broker

_config = Config.from_environ()
configure(_config)

# Most systems allow 1,024, unless one asks. Its processes inherit it from this one.
_soft, _hard = getrlimit(RLIMIT_NOFILE)
if _soft < FILES:
    setrlimit(RLIMIT_NOFILE, (min(FILES, _hard), _hard))

bind = netloc(_config.host, _config.port)
worker_class = worker_within(Limits.of(_config, CONNECTIONS))
worker_connections = CONNECTIONS
workers = 2
threads = 8
timeout = 60
graceful_timeout = 3
keepalive = 5
max_requests = 0
# The worker bounds all headers together, and refuses as the API does; gunicorn would with a page.
limit_request_line = 0
limit_request_fields = 32768
limit_request_field_size = HEAD_BYTES
umask = 0o077
accesslog = None
loglevel = "warning"
logger_class = JsonLogger


def on_starting(server: object) -> None:
    """Load modules and the word segmentation before the web processes are forked.

    The processes share their memory, import nothing again, and no first page of hashtags waits.
    Each makes the application itself, since connections and threads do not survive a fork.
    """
    import_module("service.app")
    prepare()
