# The production image. Web, worker, beat and migration run from it with different commands: docker-compose.yml.

FROM node:22-bookworm-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static ./static
RUN node static/build.mjs


FROM python:3.13-slim-bookworm AS packages
COPY requirements.lock .
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: --requirement requirements.lock


FROM python:3.13-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static \
    WEB_CONCURRENCY=3
RUN useradd --system --uid 10001 --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin causeway \
    && install --directory --owner=causeway --group=causeway /data
WORKDIR /srv/causeway
COPY --from=packages /opt/venv /opt/venv
COPY . .
COPY --from=frontend /build/static/dist ./static/dist
# Collecting needs settings that load, but no secret and no database
RUN SECRET_KEY=only-for-collectstatic python manage.py collectstatic --noinput --verbosity 0

USER causeway
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind=0.0.0.0:8000", \
     "--worker-class=gthread", "--threads=4", "--worker-tmp-dir=/dev/shm", "--no-control-socket", \
     "--max-requests=5000", "--max-requests-jitter=500"]
