#!/usr/bin/env bash
# Builds the last commit twice and compares bit for bit; ends with 1 where something differs, and says what.
#   deploy/reproduce.sh            what dotnet publish makes, from two clones in folders of different names
#   deploy/reproduce.sh --image    the image's layers, built twice without the cache (needs docker; DOCKER_BUILD_ARGS are added to docker build)
# The SDK and, for the image, the base images are those at hand: others compile other bits.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build_args=(${DOCKER_BUILD_ARGS:-})

for clone in "$work/one" "$work/a/longer/name"; do
    git clone -q . "$clone"
    if [ "${1:-}" = --image ]; then
        docker build -q --no-cache "${build_args[@]}" -t mnist-api-again "$clone" > "$work/id"
        docker image inspect --format '{{join .RootFS.Layers "\n"}}' mnist-api-again
        docker rmi mnist-api-again > /dev/null
    else
        (cd "$clone" && dotnet publish src/MnistApi -c Release --use-current-runtime -o "$clone.published" -v quiet --nologo >&2)
        (cd "$clone.published" && find . -type f -printf '%P\n' | sort | xargs -d '\n' sha256sum)
    fi > "$work/sums.$(basename "$clone")"
done

diff "$work/sums.one" "$work/sums.name" || { echo "FAILED: these differ" >&2; exit 1; }
echo "the same twice: $(grep -c . "$work/sums.one") $([ "${1:-}" = --image ] && echo layers || echo files)"
