# The images of the API, of the pages and of the pipeline: docker build --target api|ui|pipeline .
#
# Pinned by version. To pin the very bytes too, give the digest that your registry shows:
# --build-arg DENO=denoland/deno:2.9.6@sha256:...
ARG DENO=denoland/deno:2.9.6

FROM ${DENO} AS base
WORKDIR /app

# Packages come first, each image's own: they stay cached until deno.json or deno.lock changes.
FROM base AS packages
COPY deno.json deno.lock docker/slim.ts ./

FROM packages AS api-packages
RUN deno run --no-config --allow-read=. --allow-write=. slim.ts api && rm slim.ts \
  && deno install --frozen

FROM packages AS ui-packages
RUN deno run --no-config --allow-read=. --allow-write=. slim.ts ui && rm slim.ts \
  && deno install --frozen

FROM packages AS ui-bundle
RUN deno run --no-config --allow-read=. --allow-write=. slim.ts ui-bundle && rm slim.ts \
  && deno install --frozen
COPY lib lib
COPY ui ui
RUN deno run -q -P=ui_build ui/build.ts

FROM base AS api
COPY --from=api-packages /app ./
COPY docker docker
COPY tasks/api.ts tasks/
COPY lib lib
COPY api api
# By number, so that Kubernetes can tell that it is not root.
USER 1993:1993
RUN deno cache -q --frozen tasks/api.ts api/serve.ts docker/healthy.ts
ENV HOST=0.0.0.0 PORT=8000
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["deno", "run", "-q", "-P=healthy", "docker/healthy.ts", "http://127.0.0.1:8000/health/ready"]
CMD ["deno", "run", "-q", "-P=api_task", \
  "--v8-flags=--max-semi-space-size=4,--heap-growing-percent=30", "tasks/api.ts"]

FROM base AS ui
COPY --from=ui-packages /app ./
COPY docker docker
COPY lib lib
COPY ui ui
COPY --from=ui-bundle /app/ui/_bundle ui/_bundle
USER 1993:1993
RUN deno cache -q --frozen ui/serve.ts docker/healthy.ts
ENV PORT=8501
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["deno", "run", "-q", "-P=healthy", "docker/healthy.ts", "http://127.0.0.1:8501/health/live"]
CMD ["deno", "run", "-q", "-P=ui", "ui/serve.ts"]

FROM base AS python
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 python3-venv \
  && rm -rf /var/lib/apt/lists/*

FROM python AS pipeline-packages
COPY requirements.txt deno.json deno.lock docker/slim.ts ./
COPY lib/cli.ts lib/errors.ts lib/files.ts lib/first_error.ts lib/hash.ts lib/tools.ts lib/
COPY tasks/setup.ts tasks/
RUN deno run --no-config --allow-read=. --allow-write=. slim.ts pipeline && rm slim.ts \
  && UV_NO_CACHE=1 PIP_NO_CACHE_DIR=1 deno run -q -P=setup tasks/setup.ts \
  && rm -rf .dvc/tmp "$DENO_DIR"/*

FROM pipeline-packages AS pipeline
COPY docker docker
COPY .dvcignore dvc.lock dvc.yaml params.yaml ./
COPY .dvc .dvc
COPY tasks tasks
COPY lib lib
COPY pipeline pipeline
# DVC stands alone here, without Git; what it makes is mounted from outside.
RUN printf '[core]\n    no_scm = true\n' > .dvc/config.local \
  && mkdir -p .dvc/tmp .dvc/cache data metrics models /mlflow \
  && chown 1993:1993 .dvc/tmp .dvc/cache data metrics models /mlflow
USER 1993:1993
# It may run as any user, with no home and no name of its own: DVC asks for both.
ENV HOME=/tmp USER=pipeline DVC_SITE_CACHE_DIR=/tmp/dvc
CMD ["deno", "run", "-q", "-P=repro", "tasks/repro.ts"]
