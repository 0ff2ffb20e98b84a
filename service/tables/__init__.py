"""The tables, in the words of the design: one class each."""

from service.tables.apikeys import ApiKey
from service.tables.authors import Author
from service.tables.base import Base, Json
from service.tables.bundles import BundlePromotion, Reembedding
from service.tables.campaigns import Campaign, CampaignImage, CampaignName, Unplaced
from service.tables.cases import Case, Draft
from service.tables.copies import CopyCheck, CopyRule
from service.tables.counts import HourlyFigure, StaleHour, Tally
from service.tables.deliveries import Delivery, Receiver
from service.tables.erasures import Deletion, Erasure
from service.tables.items import (
    Interaction,
    Item,
    ItemCount,
    ItemImage,
    ItemPair,
    ItemVector,
    Opinion,
    Viewer,
)
from service.tables.lexicon import LearnedHashtag, LexiconChange
from service.tables.live import Live
from service.tables.outages import Outage
from service.tables.people import AuditEntry, Review, SavedView, SignIn, User
from service.tables.posts import IS_JUDGED, Embedding, Image, Post, Verdict
from service.tables.prototypes import Prototype, PrototypeExample, ShadowScore
from service.tables.quality import Appeal, Control
from service.tables.reruns import Rerun
from service.tables.rulesets import Promotion, ShadowVerdict, StoredRuleset
from service.tables.thumbnails import ThumbnailFrame, ThumbnailJob, ThumbnailPicture
from service.tables.upkeep import Upkeep
from service.tables.uploads import Upload
from service.tables.videos import Video
from service.tables.votes import Poll, UsualVotes, Vote, VotePermission

__all__ = [
    "IS_JUDGED",
    "ApiKey",
    "Appeal",
    "AuditEntry",
    "Author",
    "Base",
    "BundlePromotion",
    "Campaign",
    "CampaignImage",
    "CampaignName",
    "Case",
    "Control",
    "CopyCheck",
    "CopyRule",
    "Deletion",
    "Delivery",
    "Draft",
    "Embedding",
    "Erasure",
    "HourlyFigure",
    "Image",
    "Interaction",
    "Item",
    "ItemCount",
    "ItemImage",
    "ItemPair",
    "ItemVector",
    "Json",
    "LearnedHashtag",
    "LexiconChange",
    "Live",
    "Opinion",
    "Outage",
    "Poll",
    "Post",
    "Promotion",
    "Prototype",
    "PrototypeExample",
    "Receiver",
    "Reembedding",
    "Rerun",
    "Review",
    "SavedView",
    "ShadowScore",
    "ShadowVerdict",
    "SignIn",
    "StaleHour",
    "StoredRuleset",
    "Tally",
    "ThumbnailFrame",
    "ThumbnailJob",
    "ThumbnailPicture",
    "Unplaced",
    "Upkeep",
    "Upload",
    "User",
    "UsualVotes",
    "Verdict",
    "Video",
    "Viewer",
    "Vote",
    "VotePermission",
]
