# One image for the web server, the workers and the sweeper: the command decides which it is.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    TAGSIFT_DATA=/data \
    TAGSIFT_HOST=0.0.0.0 \
    TAGSIFT_PORT=8080 \
    PROMETHEUS_MULTIPROC_DIR=/tmp/metrics

RUN useradd --system --create-home --uid 10001 tagsift \
    && install --directory --owner tagsift --group tagsift /data /tmp/metrics

WORKDIR /app
# The packages first: they change less often than the code, and a layer is kept while they do not.
COPY requirements-serve.txt ./
RUN pip install --requirement requirements-serve.txt

COPY wsgi.py ./
COPY classifiers ./classifiers
COPY intervals ./intervals
COPY items ./items
COPY pictures ./pictures
COPY rules ./rules
COPY sandbox ./sandbox
COPY service ./service
COPY similarity ./similarity
COPY thumbnails ./thumbnails
COPY videos ./videos
COPY models/starter ./models/starter
COPY models/items ./models/items

USER tagsift
VOLUME /data
EXPOSE 8080

# Alive, not ready: a web server whose database is gone must not be restarted for it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]

CMD ["gunicorn", "--config", "service/gunicorn.py", "wsgi:app"]
