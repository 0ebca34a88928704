# Two stages: build with the optimised profile, run as nobody with nothing but the binary and a CA bundle.
FROM rust:1.95-bookworm AS build
# The image brings its own toolchain; rust-toolchain.toml would fetch another.
ENV RUSTUP_TOOLCHAIN=1.95.0
WORKDIR /src
# The dependencies change rarely: cached folders keep them between builds.
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --profile dist --locked --bin hysbys && cp target/dist/hysbys /hysbys

FROM debian:bookworm-slim
# Without a CA bundle even plain-http clients refuse to start.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/hysbys --create-home hysbys
COPY --from=build /hysbys /usr/local/bin/hysbys
COPY samples /usr/share/hysbys/samples
USER 10001
WORKDIR /var/lib/hysbys
VOLUME /var/lib/hysbys
EXPOSE 8080 8081 8083
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["hysbys", "healthcheck"]
ENTRYPOINT ["hysbys"]
CMD ["serve"]
