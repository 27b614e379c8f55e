# One image for the page, the workers and the commands: `discovery …` or `indexer …`, as by hand.
# The base is named to its patch. The update robot (renovate.json) raises the tag, and pins its digest in the same line.
ARG PYTHON=python:3.13.9-slim-trixie
FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements.lock ./
RUN python -m venv /opt/discovery \
 && /opt/discovery/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY mappings mappings
COPY discovery discovery
COPY indexer indexer
COPY tools tools
RUN /opt/discovery/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps . \
 && /opt/discovery/bin/python -m compileall -q /opt/discovery

FROM ${PYTHON}
ARG VERSION=unreleased
LABEL org.opencontainers.image.version=$VERSION org.opencontainers.image.licenses=Apache-2.0
# By number below, so that a platform can see that it isn't root.
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/discovery discovery
COPY --from=build /opt/discovery /opt/discovery
ENV PATH=/opt/discovery/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DISCOVERY_HOME=/var/lib/discovery
USER 10001
WORKDIR /var/lib/discovery
VOLUME /var/lib/discovery
EXPOSE 8000 9101
CMD ["discovery", "serve", "--host", "0.0.0.0", "--port", "8000"]
