from __future__ import annotations

import pytest

from service.config import Config
from service.web.incoming import Head
from service.web.limits import SMALL_BYTES, Limits

LARGE = SMALL_BYTES + 1


@pytest.mark.parametrize(
    ("path", "length", "headers", "wanted"),
    [
        ("/v1/posts", 100, {"webhook-signature"}, True),
        ("/v1/posts", None, {"webhook-signature"}, True),
        ("/v1/posts", 100, {"cookie"}, False),
        ("/v1/posts", None, set(), False),
        ("/v1/posts/p-1/appeals", 100, {"authorization"}, True),
        ("/v1/posts", 2**40, {"webhook-signature"}, False),
        ("/sign-in", 100, set(), True),
        ("/sign-in", LARGE, set(), False),
        ("/sign-in", None, set(), False),
        ("/try", LARGE, {"cookie"}, True),
    ],
)
def test_a_body_is_read_where_the_headers_are_no_reason_to_refuse_it(
    config: Config, path: str, length: int | None, headers: set[str], wanted: bool
) -> None:
    head = Head("POST", path, "", frozenset(headers), length, expects_continue=False)
    assert Limits.of(config, 1000).wants_body(head) is wanted


def test_behind_a_proxy_one_address_may_use_all(config: Config) -> None:
    behind = Limits.of(config.model_copy(update={"trusted_proxies": 1}), 1000)
    assert (behind.connections_of_one, behind.held_bytes_of_one) == (1000, behind.held_bytes)
    direct = Limits.of(config, 1000)
    assert (direct.connections_of_one, direct.held_bytes_of_one) == (250, direct.held_bytes // 2)
