"""Every setting of the service: one frozen object, read from the environment once per process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from service.database import Patience
from service.kinds import (
    Address,
    Days,
    FolderUrl,
    LogLevel,
    Networks,
    Origins,
    RateLimit,
    RedisUrl,
    Secrets,
    StatementSeconds,
    Texts,
    WebhookSecrets,
    netloc,
)
from service.variables import explain
from service.variables import variable as variable

ROOT = Path(__file__).resolve().parent.parent

# Settings that were renamed: ignoring one silently would do the opposite of what was asked for.
RENAMED = {"TAGSIFT_AUDIT_SHARE": "TAGSIFT_SPOT_CHECK_SHARE"}


class ConfigError(Exception):
    """The environment holds a setting that cannot be used; the text names it and says why."""


class Config(BaseModel):
    """The settings of one process.

    Each field is read from the environment variable ``TAGSIFT_<FIELD>``, except ``database_url``
    and ``redis_url`` (``DATABASE_URL``, ``REDIS_URL``). Lists are separated by commas.
    """

    model_config = ConfigDict(frozen=True)

    database_url: str = Field(
        repr=False,  # it may hold a password
        description="PostgreSQL with pgvector; where not set, `make run` starts a private one.",
    )
    redis_url: RedisUrl = Field(
        repr=False,
        description="Redis: broker and rate limiter. `make run` starts one where this is not set.",
    )
    data: Path = Field(
        ROOT / "data", description="Folder for everything the service keeps on disk."
    )
    host: str = Field("127.0.0.1", description="Address the web server listens on.")
    port: int = Field(8080, ge=1, le=65535, description="Port the web server listens on.")
    public_url: Address = Field(
        "",
        description="Address at which platform and moderators reach the service, if not host:port.",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=9, description="Reverse proxies in front whose forwarded headers are believed."
    )
    demo: bool = Field(True, description="Whether `make run` sends the demo posts the first time.")
    secret_key: SecretStr = Field(description="Signs the console's sessions and forms.")
    webhook_secrets: WebhookSecrets = Field(
        description="Standard Webhooks secrets (`whsec_…`) of posts and callbacks. Several are "
        "accepted while they are rotated; callbacks carry a signature by each."
    )
    webhook_tolerance_seconds: int = Field(
        300, ge=1, le=300, description="How far a webhook's timestamp may be from now."
    )
    api_keys: Secrets = Field(
        (),
        description="Bearer tokens of the API, besides the keys that admins make in the console.",
    )
    callback_url: Address = Field("", description="Where decisions are sent; empty: nowhere.")
    bundle: Path = Field(ROOT / "models" / "starter", description="Folder of the model bundle.")
    item_bundle: Path = Field(
        ROOT / "models" / "items",
        description="Folder of the item bundle, which makes vectors of items' words and pictures.",
    )
    ruleset: Path = Field(ROOT / "rules" / "default.yaml", description="The rules' file.")
    images_url: FolderUrl = Field(
        "",
        description="Where derivatives of photographs are kept (any fsspec URL); "
        "empty: the folder `images` in the data folder.",
    )
    derivative_pixels: int = Field(
        1280, ge=320, le=4096, description="Longer side of the copy of a photograph moderators see."
    )
    request_bytes: int = Field(
        32 * 2**20, ge=2**16, description="Largest body of a request, in bytes."
    )
    backlog_posts: int = Field(
        20_000,
        ge=1,
        description="Posts that may wait for a decision; beyond, a post is answered with 429.",
    )
    web_body_bytes: int = Field(
        128 * 2**20,
        ge=2**16,
        description="Bodies that one web process holds at once, in bytes; beyond, 503.",
    )
    upload_bytes: int = Field(
        512 * 2**20,
        ge=2**16,
        description="Largest upload of a video, in bytes; of a photograph it is "
        "`TAGSIFT_IMAGE_BYTES`.",
    )
    upload_hours: float = Field(
        24.0,
        gt=0,
        le=168,
        description="How long an upload's URL is good, and how long what was put to it waits for "
        "a post that names it.",
    )
    uploads_waiting: int = Field(
        1000,
        ge=1,
        description="Uploads that may wait for a post, of one key of the API; beyond, 429.",
    )
    uploads_waiting_bytes: int = Field(
        50 * 2**30, ge=2**16, description="The same in bytes, of all keys together."
    )
    upload_spool_bytes: int = Field(
        2 * 2**30,
        ge=2**16,
        description="Uploads that arrive at one web process at once, in bytes on its disk; "
        "beyond, 503.",
    )
    upload_origins: Origins = Field(
        (),
        description="Origins (`https://platform.example`) whose pages may put files to the "
        "service's own upload URLs; empty: none. A bucket has rules of its own for that.",
    )
    thumbnails_waiting: int = Field(
        50,
        ge=1,
        description="Requests for thumbnails that may wait, of one key of the API or one person; "
        "beyond, 429.",
    )
    thumbnails_kept: int = Field(
        1000,
        ge=1,
        description="Requests for thumbnails that are kept with what came of them, likewise; "
        "beyond, 429.",
    )
    keep_thumbnail_hours: float = Field(
        24.0,
        gt=0,
        le=720,
        description="How long a request for thumbnails is kept with what came of it, in hours.",
    )
    latent_bundle: Path | None = Field(None, description="Folder of an autoencoder.")
    engagement_bundle: Path | None = Field(None, description="Folder of an engagement bundle.")
    image_bytes: int = Field(20 * 2**20, ge=2**10, description="Largest photograph, in bytes.")
    image_pixels: int = Field(
        64_000_000, ge=2**10, description="Largest photograph, in pixels before decoding."
    )
    post_videos: int = Field(
        2, ge=0, le=4, description="Videos that one post may have; 0: none are taken."
    )
    video_bytes: int = Field(200 * 2**20, ge=2**10, description="Largest video, in bytes.")
    video_length_seconds: float = Field(
        1800.0, gt=0, le=6 * 3600, description="Longest video that is looked at, in seconds."
    )
    video_pixels: int = Field(
        4096 * 2304, ge=2**10, description="Largest frame of a video, in pixels."
    )
    video_frames: int = Field(
        12, ge=1, le=60, description="Frames of a video that are looked at and kept, at most."
    )
    video_fetch_seconds: float = Field(
        60.0, gt=0, le=600, description="How long fetching one video may take in all."
    )
    video_decode_seconds: float = Field(
        60.0, gt=0, le=600, description="How long decoding one video may take."
    )
    video_decode_megabytes: int = Field(
        768, ge=64, description="Memory that decoding one video may take, in MiB."
    )
    decode_seconds: float = Field(
        10.0, gt=0, le=120, description="How long decoding one photograph may take."
    )
    decode_megabytes: int = Field(
        512, ge=64, description="Memory that decoding one photograph may take, in MiB."
    )
    decoders: int = Field(
        2,
        ge=1,
        le=64,
        description="Photographs decoded at once by each web or worker process, each in a process "
        "of its own.",
    )
    fetch_seconds: float = Field(
        15.0, gt=0, le=120, description="Time to fetch a photograph; longest pause of a video host."
    )
    fetch_redirects: int = Field(3, ge=0, le=10, description="Redirects followed for a photograph.")
    fetch_allow: Networks = Field(
        (),
        description="Networks that photographs may be fetched from although they are not public "
        "(a platform's own image host, say).",
    )
    batch_size: int = Field(16, ge=1, le=256, description="Most posts screened in one batch.")
    batch_wait_seconds: float = Field(
        0.5, gt=0, le=10, description="How long a batch waits to fill."
    )
    requeue_after_seconds: float = Field(
        20.0,
        gt=0,
        le=3600,
        description="A post pending for longer without a sign of work is queued again.",
    )
    claim_seconds: float = Field(
        30.0,
        gt=0,
        le=600,
        description="How long a post stays its worker's without a sign of life from it.",
    )
    screening_attempts: int = Field(
        5, ge=1, description="Times a post may fail its worker before it goes to a person."
    )
    callback_seconds: float = Field(
        10.0, gt=0, le=600, description="How long one callback may take."
    )
    callback_hours: float = Field(
        26.0,
        ge=24,
        le=8760,
        description="How long a callback is tried before it becomes a dead letter.",
    )
    lease_seconds: float = Field(
        120.0,
        ge=5,
        le=3600,
        description="How long a post is one moderator's, unless the page says it is still open.",
    )
    undo_seconds: float = Field(
        60.0,
        ge=0,
        le=3600,
        description="How long a moderator's answer waits before the platform is told, so that it "
        "can be undone without a trace there.",
    )
    double_share: float = Field(
        0.05, ge=0, le=1, description="Share of settled posts that a second moderator sees blind."
    )
    control_share: float = Field(
        0.03,
        ge=0,
        le=0.5,
        description="Share of what each moderator sees whose right answer is known.",
    )
    spot_check_share: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of the posts that pass which a person sees all the same.",
    )
    vote_neighbours: int = Field(
        60,
        ge=0,
        le=200,
        description="Visually close posts that vote on a hashtag no rule covers, one an author; 0: "
        "nobody is asked.",
    )
    vote_authors: int = Field(
        20,
        ge=2,
        description="Authors that must carry a hashtag before neighbours vote on it.",
    )
    reader: str = Field(
        "",
        description="Path of Tesseract, which reads menus where a hashtag of food would be "
        "irrelevant; empty: none are read.",
    )
    reader_languages: str = Field(
        "kor+eng",
        pattern=r"^[A-Za-z_]+(\+[A-Za-z_]+)*$",
        description="Languages that it reads, as it names them.",
    )
    reader_seconds: float = Field(
        10.0, gt=0, le=60, description="How long reading one photograph may take."
    )
    menu_categories: Texts = Field(
        ("food", "cafe", "drinks", "dessert"),
        description="Categories that a menu bears out; their hashtags are the words looked for.",
    )
    session_hours: float = Field(
        12.0, gt=0, le=8760, description="How long a sign-in to the console lasts."
    )
    session_idle_minutes: float = Field(
        60.0,
        gt=0,
        le=525_600,
        description="How long it lasts while its person opens and sends nothing.",
    )
    signin_limit: RateLimit = Field(
        "10 per minute",
        description="Wrong passwords allowed for one name from one address (of IPv6: /64).",
    )
    signin_address_limit: RateLimit = Field(
        "60 per minute", description="Sign-ins allowed from one address, right and wrong ones."
    )
    screening_processes: int = Field(
        2, ge=1, le=16, description="Processes that screen posts; all but one wait for slow hosts."
    )
    inference_threads: int = Field(
        0, ge=0, description="Threads of one forward pass; 0: one for each processor core."
    )
    web_statement_seconds: StatementSeconds = Field(
        15.0,
        description="How long one statement of a web process may take in the database.",
    )
    worker_statement_seconds: StatementSeconds = Field(
        120.0,
        description="How long one statement of a worker or the sweep may take.",
    )
    keep_callback_days: Days = Field(
        30,
        description="How long the content of a delivered callback is kept, in days.",
    )
    keep_embedding_days: Days = Field(
        365,
        ge=31,
        description="How long the embeddings of a post's photographs are kept, in days. Older "
        "posts are not found as similar.",
    )
    keep_interaction_days: Days = Field(
        365,
        description="How long it is kept what people did with items, in days. Counts go, too.",
    )
    explore_share: float = Field(
        0.1,
        ge=0,
        le=1,
        description="Share of recommendations that are drawn from all items, so that new ones are "
        "seen, too.",
    )
    log_level: LogLevel = Field("INFO", description="Lowest level of log lines written.")

    @property
    def web_patience(self) -> Patience:
        """How long a web process waits for the database."""
        return Patience(self.web_statement_seconds, lock=self.web_statement_seconds / 2, idle=60)

    @property
    def worker_patience(self) -> Patience:
        """How long a worker waits for the database. Learning computes between two statements."""
        most = self.worker_statement_seconds
        return Patience(most, lock=most / 2, idle=600)

    @property
    def upload_lifetime(self) -> timedelta:
        """How long an upload waits for its file and for a post."""
        return timedelta(hours=self.upload_hours)

    @property
    def lease(self) -> timedelta:
        """How long a moderator holds a case without a sign of life."""
        return timedelta(seconds=self.lease_seconds)

    @property
    def undo_wait(self) -> timedelta:
        """How long an answer waits before its callback goes out."""
        return timedelta(seconds=self.undo_seconds)

    @property
    def base_url(self) -> str:
        """The address to write into links, without a slash at the end."""
        return (self.public_url or f"http://{netloc(self.host, self.port)}").rstrip("/")

    @property
    def image_store_url(self) -> str:
        """The fsspec URL of the derivatives' folder."""
        return self.images_url or str(self.data.resolve() / "images")

    @classmethod
    def from_environ(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read a process's environment. An empty variable counts as not set.

        Raises:
            ConfigError: a setting is missing or wrong; the text names each.
        """
        for old, new in RENAMED.items():
            if environ.get(old):
                raise ConfigError(f"{old} is called {new} now")
        given = {name: environ.get(variable(name)) for name in cls.model_fields}
        try:
            return cls.model_validate({name: value for name, value in given.items() if value})
        except ValidationError as error:
            raise ConfigError(explain(error)) from None
