"""Video files that strangers send, to frames with times, cuts and quality. Knows nothing of posts.

Files are decoded by PyAV (FFmpeg's libraries) in sandboxed processes: see ``videos.watcher``.
"""

from videos.limits import VideoCode, VideoError, VideoLimits
from videos.watcher import Frame, Watched, Watcher
from videos.wish import Wish

__all__ = ["Frame", "VideoCode", "VideoError", "VideoLimits", "Watched", "Watcher", "Wish"]
