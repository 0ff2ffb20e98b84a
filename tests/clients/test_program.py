"""The client as a program: it says what was taken, what was decided, and what went wrong."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from clients.program import main, read_posts
from clients.tagsift_client import TagsiftError

from .conftest import API_KEY, PHOTO, POST, SECRET, TAKEN, Platform


# -- the posts' file
@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 2: not a post"),
        ("[]", "line 2: not a post"),
        ('{"id": "p"}', "line 2: not a post"),
        ('{"images": [{"part": "gone.jpg"}]}', "gone.jpg cannot be read"),
    ],
)
def test_a_line_that_is_no_post_is_named(tmp_path: Path, line: str, message: str) -> None:
    posts = tmp_path / "posts.jsonl"
    posts.write_text('{"images": []}\n' + line + "\n")
    with pytest.raises(TagsiftError, match=message):
        read_posts(posts, tmp_path)


# -- the program
@pytest.fixture
def env(server: Platform, tmp_path: Path) -> str:
    path = tmp_path / "tagsift.env"
    path.write_text(
        f"TAGSIFT_PORT={server.url.rpartition(':')[2]}\n"
        f"TAGSIFT_WEBHOOK_SECRETS={SECRET}\nTAGSIFT_API_KEYS={API_KEY}\n"
    )
    return str(path)


@pytest.fixture
def posts(tmp_path: Path) -> str:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cup.jpg").write_bytes(PHOTO)
    path = tmp_path / "posts.jsonl"
    path.write_text(json.dumps(POST) + "\n\n")
    return str(path)


DECIDED = {
    "id": "p-1",
    "state": "decided",
    "decision": "flag",
    "hashtags": [{"tag": "카페", "verdict": "irrelevant"}],
}


def test_send_and_wait_shows_the_verdicts(
    server: Platform, env: str, posts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer(202, TAKEN)
    server.answer(200, {**TAKEN, "hashtags": []})
    server.answer(200, DECIDED)
    assert main(["--env", env, "send", posts, "--wait"]) == 0
    out, err = capsys.readouterr()
    assert out == "POST  DECISION    HASHTAGS\np-1   flag        #카페 irrelevant\n"
    assert "sent" in err
    assert "screened" in err
    assert PHOTO in server.received[0].body


def test_a_post_that_stays_pending_makes_the_program_fail(
    server: Platform, env: str, posts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer(202, TAKEN)
    server.answer(200, {**TAKEN, "hashtags": []})
    assert main(["--env", env, "send", posts, "--wait", "--seconds", "0"]) == 1
    assert "p-1   pending" in capsys.readouterr().out


def test_a_refused_post_is_named_and_makes_the_program_fail(
    server: Platform, env: str, posts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer(401, {"title": "Unauthorized", "detail": "No secret fits the signature."})
    assert main(["--env", env, "send", posts]) == 1
    err = capsys.readouterr().err
    assert "p-1 was not taken: 401 Unauthorized: No secret fits the signature." in err
    assert "0 of 1 posts were taken" in err


def test_one_refused_post_does_not_keep_the_next_from_being_sent(
    server: Platform, env: str, posts: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(posts).write_text(f"{json.dumps(POST)}\n{json.dumps({**POST, 'id': 'p-2'})}\n")
    server.answer(422, {"title": "Unprocessable Entity", "detail": "1 rule is broken."})
    server.answer(202, {**TAKEN, "id": "p-2"})
    assert main(["--env", env, "send", posts]) == 1
    assert len(server.received) == 2
    assert "1 of 2 posts were taken" in capsys.readouterr().err


def test_a_wrong_secret_is_not_tried_on_every_post(server: Platform, env: str, posts: str) -> None:
    Path(posts).write_text(f"{json.dumps(POST)}\n" * 3)
    server.answer(401, {"title": "Unauthorized", "detail": "No secret fits the signature."})
    assert main(["--env", env, "send", posts]) == 1
    assert len(server.received) == 1


def test_get_feed_list_and_delete(
    server: Platform, env: str, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer(200, DECIDED)
    assert main(["--env", env, "get", "p-1"]) == 0
    assert json.loads(capsys.readouterr().out) == DECIDED
    server.answers = [(200, {"posts": [DECIDED], "next_cursor": None}, {})]
    assert main(["--env", env, "feed", "카페"]) == 0
    assert json.loads(capsys.readouterr().out) == DECIDED
    assert main(["--env", env, "list", "--state", "decided", "--author", "u-7"]) == 0
    assert json.loads(capsys.readouterr().out) == DECIDED
    assert server.received[-1].path == "/v1/posts?state=decided&author=u-7"
    server.answers = [(204, b"", {})]
    assert main(["--env", env, "delete", "p-1"]) == 0


@pytest.mark.parametrize(
    "words", [[], ["send"], ["dance"], ["get"], ["send", "x", "--seconds", "y"]]
)
def test_arguments_that_make_no_sense_are_explained(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(words)
    assert "usage:" in capsys.readouterr().err


def test_a_photograph_to_search_for_is_sent_from_its_file(
    server: Platform, env: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photograph = tmp_path / "cup.jpg"
    photograph.write_bytes(PHOTO)
    server.answer(200, {"posts": [{"id": "p-2", "likeness": 0.97}], "next_cursor": None})
    asked = ["--photo", str(photograph), "--min", "0.8"]
    assert main(["--env", env, "similar", *asked]) == 0
    assert json.loads(capsys.readouterr().out) == {"id": "p-2", "likeness": 0.97}
    (request,) = server.received
    body = json.loads(request.body)
    assert (request.path, body["min"]) == ("/v1/similar", "0.8")
    assert base64.b64decode(body["image"]["base64"]) == PHOTO
    assert request.headers["authorization"] == f"Bearer {API_KEY}"


def test_authors_who_post_alike_are_a_line_each(
    env: str, server: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    channels = [{"id": "u-2", "mean": 0.4, "best": 0.9, "pairs": []}]
    server.answer(200, {"channels": channels, "made_by": "x"})
    assert main(["--env", env, "channels", "채널/1", "--k", "3"]) == 0
    assert json.loads(capsys.readouterr().out) == channels[0]
    (request,) = server.received
    assert request.path == "/v1/channels/%EC%B1%84%EB%84%90%2F1/similar?k=3"


@pytest.mark.parametrize("given", [[], ["p-1", "--photo", "cup.jpg"]])
def test_a_search_starts_from_a_post_or_a_photograph(
    env: str, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--env", env, "similar", *given]) == 1
    assert "one of both" in capsys.readouterr().err


def test_suggested_hashtags_are_a_line_each(
    env: str, server: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer(200, {"hashtags": [{"tag": "커피", "confidence": 0.98}]})
    assert main(["--env", env, "suggested", "p/1", "--k", "3"]) == 0
    assert json.loads(capsys.readouterr().out) == {"tag": "커피", "confidence": 0.98}
    assert server.received[0].path == "/v1/posts/p%2F1/hashtags/suggested?k=3"


# -- uploads
@pytest.fixture
def begun(server: Platform) -> None:
    """The server hands out a URL of its own and takes the file."""
    told = {"key": "k-1", "url": f"{server.url}/put?ticket=x", "method": "PUT"}
    server.answer(201, told | {"headers": {"Content-Type": "image/jpeg"}})
    server.answer(200, {})


def test_a_file_is_announced_and_put_without_the_key(
    server: Platform, env: str, posts: str, begun: None, capsys: pytest.CaptureFixture[str]
) -> None:
    file = Path(posts).parent / "photos" / "cup.jpg"
    assert main(["--env", env, "upload", str(file)]) == 0
    assert capsys.readouterr().out == "k-1\n"
    announced, put = server.received
    assert json.loads(announced.body) == {
        "filename": "cup.jpg",
        "content_type": "image/jpeg",
        "size": len(PHOTO),
    }
    assert (put.method, put.path, put.body) == ("PUT", "/put?ticket=x", PHOTO)
    assert put.headers["content-length"] == str(len(PHOTO))
    assert put.headers["content-type"] == "image/jpeg"
    assert "authorization" not in put.headers


def test_a_put_that_fails_is_made_again_from_the_beginning(
    server: Platform, env: str, posts: str, begun: None
) -> None:
    server.answers.insert(1, (503, {}, {"retry_after": "0"}))
    file = Path(posts).parent / "photos" / "cup.jpg"
    assert main(["--env", env, "upload", str(file)]) == 0
    assert [one.body for one in server.received[1:]] == [PHOTO, PHOTO]


def test_posts_are_sent_with_uploads_in_place_of_parts(
    server: Platform, env: str, posts: str, begun: None
) -> None:
    server.answer(202, TAKEN)
    assert main(["--env", env, "send", posts, "--upload"]) == 0
    sent = json.loads(server.received[-1].body)
    assert sent["images"] == [{"upload": "k-1"}]


def test_a_file_of_no_known_kind_is_not_announced(
    server: Platform, env: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "a.txt"
    file.write_text("hello")
    assert main(["--env", env, "upload", str(file)]) == 1
    assert "no photograph or video" in capsys.readouterr().err
    assert server.received == []


# -- thumbnails
FRAME = {
    "time": 7.2,
    "score": 0.83,
    "reason": {"en": "Sharp.", "ko": "또렷해요."},
    "latent": None,
    "engagement": None,
}


def test_the_best_frames_are_waited_for_and_fetched(
    server: Platform, env: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cat.mp4").write_bytes(b"a video")
    url = f"{server.url}/put"
    server.answer(201, {"key": "k-1", "url": url, "method": "PUT", "headers": {}})
    server.answer(200, {})
    server.answer(202, {"id": "t-123456789", "status_url": "…"})
    server.answer(200, {"id": "t-123456789", "state": "pending", "frames": [], "error": None})
    server.answer(200, {"id": "t-123456789", "state": "done", "frames": [FRAME], "error": None})
    server.answer(200, PHOTO)
    out, video = tmp_path / "out", str(tmp_path / "cat.mp4")
    words = ["thumbnails", video, "--channel", "u-7", "-k", "1", "--out", str(out)]
    assert main(["--env", env, *words]) == 0
    assert json.loads(server.received[2].body) == {
        "video": {"upload": "k-1"},
        "k": 1,
        "references": {"channel": "u-7"},
    }
    assert [one.path for one in server.received[3:]] == [
        "/v1/thumbnails/t-123456789",
        "/v1/thumbnails/t-123456789",
        "/v1/thumbnails/t-123456789/frames/1.jpg",
    ]
    (file,) = out.iterdir()
    assert file.read_bytes() == PHOTO
    assert "7.20s.jpg  0.83  Sharp." in capsys.readouterr().out


def test_no_frame_is_put_among_the_code_that_the_program_lies_beside(
    server: Platform,
    env: str,
    tmp_path: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server.answer(202, {"id": "t-1", "status_url": "…"})
    server.answer(200, {"id": "t-1", "state": "done", "frames": [FRAME], "error": None})
    server.answer(200, PHOTO)
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    assert main(["--env", env, "thumbnails", "https://videos.example/a.mp4"]) == 0
    (made,) = set(tmp_path.iterdir()) - before
    assert not list((repository / made.name).glob("*.py"))


def test_further_scores_are_asked_for_and_shown(
    server: Platform, env: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    guess = {"target": "views", "factor": 1.31, "note": {"en": "No effect found.", "ko": "…"}}
    frame = FRAME | {"latent": {"distance": 3.21}, "engagement": guess}
    server.answer(202, {"id": "t-1", "status_url": "…"})
    server.answer(200, {"id": "t-1", "state": "done", "frames": [frame], "error": None})
    server.answer(200, PHOTO)
    words = ["thumbnails", "https://videos.example/a.mp4", "--latent", "--engagement"]
    assert main(["--env", env, *words, "--out", str(tmp_path)]) == 0
    assert json.loads(server.received[0].body)["extras"] == ["latent", "engagement"]
    said = capsys.readouterr().out
    assert "latent distance to the nearest references: 3.21" in said
    assert "guess: views x1.31. No effect found." in said


def test_a_request_is_deleted_by_its_id(server: Platform, env: str) -> None:
    server.answer(204, {})
    assert main(["--env", env, "delete-thumbnails", "t-1"]) == 0
    assert [(one.method, one.path) for one in server.received] == [("DELETE", "/v1/thumbnails/t-1")]


def test_a_video_that_cannot_be_had_makes_the_program_fail_and_say_why(
    server: Platform, env: str, capsys: pytest.CaptureFixture[str]
) -> None:
    error = {"code": "not_a_video", "message": "The file is none of MP4."}
    server.answer(202, {"id": "t-1", "status_url": "…"})
    server.answer(200, {"id": "t-1", "state": "failed", "frames": [], "error": error})
    video, picture = "https://videos.example/a.mp4", "https://images.example/a.jpg"
    assert main(["--env", env, "thumbnails", video, "--references", picture]) == 1
    assert json.loads(server.received[0].body)["references"] == [{"url": picture}]
    assert "The file is none of MP4." in capsys.readouterr().err
