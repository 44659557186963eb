# The steps are those of `make setup`: every package by its hash, then the project itself with nothing fetched.
FROM python:3.11-slim AS build
WORKDIR /opt/lineproof
RUN python -m venv .venv
COPY requirements.lock ./
RUN .venv/bin/python -m pip --no-cache-dir --disable-pip-version-check -qq install --require-hashes --no-deps --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY api api
COPY persistence persistence
COPY providers providers
COPY scim scim
COPY verification verification
RUN .venv/bin/python -m pip --no-cache-dir --disable-pip-version-check -qq install --no-deps --no-build-isolation .

FROM python:3.11-slim
RUN groupadd --system --gid 10001 lineproof \
    && useradd --system --uid 10001 --gid lineproof --home-dir /var/lib/lineproof --no-create-home lineproof \
    && install --directory --owner lineproof --group lineproof --mode 0700 /var/lib/lineproof
COPY --from=build /opt/lineproof/.venv /opt/lineproof/.venv
COPY deploy/keys.py /opt/lineproof/deploy/keys.py
ENV PATH="/opt/lineproof/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    LINEPROOF_HOST=0.0.0.0 \
    LINEPROOF_PORT=8080 \
    LINEPROOF_DATA_DIR=/var/lib/lineproof
USER 10001:10001
WORKDIR /var/lib/lineproof
VOLUME /var/lib/lineproof
EXPOSE 8080
# Exit code 1 tells the engine that the container is unhealthy. A worker has no port: switch the check off for it.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import http.client, os, sys; c = http.client.HTTPConnection('127.0.0.1', int(os.environ['LINEPROOF_PORT']), timeout=4); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["lineproof"]
CMD ["serve"]
