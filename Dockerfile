# Built in one stage, run in another: the image holds the binary and CA certificates, nothing else.
FROM rust:1.95-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked --bin one-legal

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data one-legal && mkdir /data && chown one-legal /data
COPY --from=build /src/target/release/one-legal /usr/local/bin/one-legal
USER one-legal
ENV BIND=0.0.0.0:8080 DATA_DIR=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["one-legal"]
CMD ["serve"]
