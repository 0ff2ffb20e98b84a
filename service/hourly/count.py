"""The hourly figures: one SQL statement for each.

Each selects the columns of ``HourlyFigure`` for ``:hours``, the beginnings of some hours. An hour
is that of the post's receipt, except for callbacks (owed) and cases (opened, closed). Each figure
is counted for each category among the post's hashtags, and with an empty category for all posts.
"""

# ruff: noqa: S608  # the statements are put together from constants of this file alone

from __future__ import annotations

_HOURS = "unnest(CAST(:hours AS timestamptz[])) AS hours(hour)"


def _within(column: str) -> str:
    return f"{column} >= hour AND {column} < hour + interval '1 hour'"


# Every post counts once for all posts, and once for each of its categories.
_CATEGORIES = """
    (SELECT '' AS category UNION SELECT category FROM verdicts
        WHERE verdicts.post_id = {post} AND category IS NOT NULL)
"""
_OF_POST = _CATEGORIES.format(post="posts.id")

# Until a person answers the decision is the model's; the first answer keeps it, else it follows
# from the verdicts (as in ``service/cases/blind.py``).
POSTS = f"""
    SELECT hour, 'posts', category, CASE WHEN decided_by = 'model' THEN decision ELSE coalesce(
            (SELECT before ->> 'decision' FROM reviews WHERE reviews.post_id = posts.id
                AND before ->> 'decided_by' = 'model' ORDER BY reviews.id DESC LIMIT 1), said) END,
        '', '', count(*), 0
    FROM {_HOURS} JOIN posts ON {_within("received_at")} AND state = 'decided'
    CROSS JOIN LATERAL {_OF_POST} AS categories
    CROSS JOIN LATERAL (
        SELECT CASE WHEN bool_or(model_verdict = 'irrelevant') THEN 'flag'
            WHEN bool_or(model_verdict = 'uncertain') THEN 'review' ELSE 'pass' END AS said
        FROM verdicts WHERE verdicts.post_id = posts.id) AS models
    GROUP BY 1, 3, 4
"""
# The model flagged the post and a person settled it; a hit is flagged still.
FLAGS = f"""
    SELECT hour, 'flags', category, '', coalesce(bundle, ''), coalesce(ruleset, ''),
        count(*), count(*) FILTER (WHERE hit)
    FROM (
        SELECT hour, posts.id, bundle, ruleset, names.category,
            bool_or(verdict = 'irrelevant') AS hit
        FROM {_HOURS}
        JOIN posts ON {_within("received_at")} AND state = 'decided' AND decided_by <> 'model'
        JOIN verdicts ON verdicts.post_id = posts.id AND model_verdict = 'irrelevant'
        CROSS JOIN LATERAL (SELECT '' AS category UNION SELECT verdicts.category) AS names
        WHERE names.category IS NOT NULL GROUP BY 1, 2, 3, 4, 5) AS posts
    GROUP BY 1, 3, 5, 6
"""
# The post passed and was drawn for a person; a hit has a hashtag that the person denied.
SPOT_CHECKS = f"""
    SELECT hour, 'spot_checks', category, '', coalesce(bundle, ''), coalesce(ruleset, ''),
        count(*), count(*) FILTER (WHERE hit)
    FROM (
        SELECT hour, posts.id, bundle, ruleset, names.category,
            coalesce(bool_or(answers ->> tag = 'irrelevant'), false) AS hit
        FROM {_HOURS} JOIN posts ON {_within("received_at")}
        JOIN reviews ON reviews.post_id = posts.id AND kind = 'spot_check' AND undone_at IS NULL
        JOIN verdicts ON verdicts.post_id = posts.id
        CROSS JOIN LATERAL (SELECT '' AS category UNION SELECT verdicts.category) AS names
        WHERE names.category IS NOT NULL GROUP BY 1, 2, 3, 4, 5) AS posts
    GROUP BY 1, 3, 5, 6
"""
CALLBACKS = f"""
    SELECT hour, 'callbacks', category, state, '', '', count(*), 0
    FROM {_HOURS} JOIN deliveries ON {_within("created_at")}
    CROSS JOIN LATERAL {_CATEGORIES.format(post="deliveries.post_id")} AS categories
    GROUP BY 1, 3, 4
"""
# ``hits`` are still open, so that what is open now is known without looking at the queue.
OPENED = f"""
    SELECT hour, 'opened', category, '', '', '', count(*), count(*) FILTER (WHERE closed_at IS NULL)
    FROM {_HOURS} JOIN cases ON {_within("opened_at")}
    CROSS JOIN LATERAL {_CATEGORIES.format(post="cases.post_id")} AS categories
    GROUP BY 1, 3
"""
CLOSED = f"""
    SELECT hour, 'closed', category, '', '', '', count(*), 0
    FROM {_HOURS} JOIN cases ON {_within("closed_at")}
    CROSS JOIN LATERAL {_CATEGORIES.format(post="cases.post_id")} AS categories
    GROUP BY 1, 3
"""
# ``n`` are the photographs in which a label is true; with no label, all that a bundle saw.
LABELS = f"""
    SELECT hour, 'labels', category, label, coalesce(bundle, ''), '', count(*), 0
    FROM {_HOURS} JOIN posts ON {_within("received_at")} AND state = 'decided'
    JOIN images ON images.post_id = posts.id AND jsonb_typeof(labels) = 'object'
    CROSS JOIN LATERAL {_OF_POST} AS categories
    CROSS JOIN LATERAL (SELECT '' AS label UNION ALL
        SELECT key FROM jsonb_each(labels) WHERE value -> 'fact' = 'true') AS seen
    GROUP BY 1, 3, 4, 5
"""
# ``hits`` of ``n`` hashtags, by the model's verdict, were settled by a person ...
JUDGED = f"""
    SELECT hour, 'judged', category, model_verdict, '', '',
        count(*), count(*) FILTER (WHERE decided_by <> 'model')
    FROM {_HOURS} JOIN posts ON {_within("received_at")} AND state = 'decided'
    JOIN verdicts ON verdicts.post_id = posts.id AND category IS NOT NULL
    GROUP BY 1, 3, 4
"""
# ... and ``hits`` of these ``n`` kept the model's verdict.
AGREED = f"""
    SELECT hour, 'agreed', category, model_verdict, '', '',
        count(*), count(*) FILTER (WHERE verdict = model_verdict)
    FROM {_HOURS}
    JOIN posts ON {_within("received_at")} AND state = 'decided' AND decided_by <> 'model'
    JOIN verdicts ON verdicts.post_id = posts.id AND category IS NOT NULL
    GROUP BY 1, 3, 4
"""
FIGURES = (POSTS, FLAGS, SPOT_CHECKS, CALLBACKS, OPENED, CLOSED, LABELS, JUDGED, AGREED)
