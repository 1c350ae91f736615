# The server as an image, from this checkout alone: docs/guides/containers.md.

# Either may be a mirror's. The first has Node.js and npm; when it has the packages at /build/node_modules as well, no
# registry is asked. The second has glibc, and need not have a shell.
ARG BUILD_IMAGE=docker.io/library/node:22-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${BUILD_IMAGE} AS build
# npm's own variable; left out, it asks the public registry.
ARG NPM_CONFIG_REGISTRY
ENV NODE_ENV=production
WORKDIR /build
COPY package.json package-lock.json ./
COPY scripts/dependencies.mjs scripts/install-lock.mjs scripts/installed.mjs scripts/project-root.mjs ./scripts/
RUN ["node", "scripts/dependencies.mjs"]
COPY LICENSE tsconfig.json ./
COPY scripts ./scripts
COPY blueprint ./blueprint
COPY console ./console
COPY runtimes ./runtimes
COPY routing ./routing
COPY server ./server
RUN ["node", "scripts/build.mjs"]
RUN ["node", "scripts/image-files.mjs", "/image"]

FROM ${BASE_IMAGE}
ARG BASE_IMAGE
LABEL org.opencontainers.image.title="Astrolabe" \
  org.opencontainers.image.description="An AI gateway: one OpenAI-compatible endpoint, policies, prepaid credits" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.version="0.1.0" \
  org.opencontainers.image.base.name="${BASE_IMAGE}"

COPY --from=build /image/bun /usr/local/bin/bun
COPY --from=build /image/astrolabe /usr/local/bin/astrolabe
COPY --from=build /image/app /app
COPY --from=build --chown=10001:10001 /image/data /data

# What Bun must know before it starts, as scripts/run-bun.mjs gives it; a test holds the two together.
ENV BUN_CONFIG_MAX_HTTP_REQUESTS=65535 BUN_JSC_forceRAMSize=201326592
# The public address is what `--publish 8787:8787` on one's own machine makes of it.
ENV HOST=0.0.0.0 PORT=8787 ASTROLABE_DATA_DIR=/data ASTROLABE_PUBLIC_URL=http://localhost:8787

USER 10001:10001
WORKDIR /app
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["/usr/local/bin/astrolabe", "ready"]
ENTRYPOINT ["/usr/local/bin/astrolabe"]
CMD ["serve"]
