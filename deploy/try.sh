#!/usr/bin/env bash
# The image and the compose files tried out: built, started, limited, scaled, replaced one by one under load. Ends with 1 at the first thing that is not as it should be.
#   deploy/try.sh [SECONDS=20]     how long the load lasts while replicas are replaced
# Needs docker with compose, curl and wrk. BUILT=1 takes the image mnist-api as it is (docker build --build-arg REVISION=$(git rev-parse HEAD) -t mnist-api .). ENTER is put before curl and wrk, for a docker engine in a network namespace of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-20}
enter=(${ENTER:-})
work=$(mktemp -d)
replicas=(docker compose -f docker-compose.yml -f deploy/compose.replicas.yml)
trap '"${replicas[@]}" down -v -t 5 > /dev/null 2>&1 || true; docker rm -f mnist-api-small > /dev/null 2>&1 || true; rm -rf "$work"' EXIT

say() { printf '\n== %s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
ask() { "${enter[@]}" curl -fsS --max-time 10 "$@"; }
digit() { ask -H 'Content-Type: image/png' --data-binary @tests/MnistApi.TestData/seven.png "http://127.0.0.1:$1/predict" | grep -q '"digit":7' || fail "no 7 from port $1"; }
cat > "$work/post.lua" <<'LUA'
local file = io.open("tests/MnistApi.TestData/seven.png", "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = "image/png"
LUA
# Four callers: with more at once pictures of this size would be turned away on one core, see Overload__Queue.
load() { # PORT SECONDS NAME: requests that all have to be answered with 2xx
    "${enter[@]}" wrk -t1 -c4 -d"$2s" --latency -s "$work/post.lua" "http://127.0.0.1:$1/predict" > "$work/$3" 2>&1 || true
    grep -E 'requests in|Requests/sec|99%|Non-2xx|Socket errors' "$work/$3"
    ! grep -qE 'Non-2xx|Socket errors' "$work/$3" || fail "some requests were not answered"
    grep -q 'Requests/sec' "$work/$3" || fail "no load: $(cat "$work/$3")"
}

say "build"
[ -n "${BUILT:-}" ] || docker compose build -q --build-arg REVISION="$(git rev-parse HEAD)" api
size() { docker image inspect --format '{{.Size}}' "$1"; }
base=$(sed -n 's/^FROM \(.*chiseled\)$/\1/p' Dockerfile)
more=$((($(size mnist-api) - $(size "$base")) / 1000000))
echo "$(($(size mnist-api) / 1000000)) MB, $more MB more than $base"
[ "$more" -lt 150 ] || fail "it has $more MB more than its base"
label() { docker image inspect --format "{{index .Config.Labels \"org.opencontainers.image.$1\"}}" mnist-api; }
for label in title description licenses version revision base.name; do echo "$label: $(label "$label")"; done
[ "$(label version)" = "$(sed -n 's:.*<Version>\(.*\)</Version>:\1:p' Directory.Build.props)" ] || fail "it is labelled with another version"
[ "$(label base.name)" = "$base" ] || fail "it is labelled with another base"
[ "$(label revision)" = "$(git rev-parse HEAD)" ] || fail "it is labelled with another commit"
[ "$(docker image inspect --format '{{.Config.User}}' mnist-api)" = 1654 ] || fail "it does not run as 1654"
! docker run --rm --entrypoint sh mnist-api -c true > /dev/null 2>&1 || fail "it has a shell"

container=$(docker create mnist-api)
owner=$(docker cp "$container:/data" - | tar -tv --numeric-owner | awk 'NR == 1 { print $2 }')
docker rm "$container" > /dev/null
[ "$owner" = 1654/1654 ] || fail "/data belongs to $owner"

say "start"
docker compose up --wait api
digit 8080
ask http://127.0.0.1:8080/health/ready; echo

say "stop"
docker compose stop -t 20 api
code=$(docker inspect --format '{{.State.ExitCode}}' "$(docker compose ps -aq api)")
[ "$code" = 0 ] || fail "SIGTERM ended it with $code"
docker compose down -t 5

say "half a core and 128 MiB"
docker run -d --name mnist-api-small --memory 128m --memory-swap 128m --cpus 0.5 --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges -p 8080:8080 mnist-api > /dev/null
for _ in $(seq 100); do ask -o /dev/null http://127.0.0.1:8080/health/ready 2> /dev/null && break; sleep 0.2; done
load 8080 10 small
echo "memory $(docker stats --no-stream --format '{{.MemUsage}}' mnist-api-small)"
[ "$(docker inspect --format '{{.State.OOMKilled}} {{.State.Running}}' mnist-api-small)" = "false true" ] || fail "it ran out of memory"
docker rm -f mnist-api-small > /dev/null

say "three replicas behind nginx, each replaced while requests come in"
"${replicas[@]}" up --wait --scale api=3
load 8080 "$seconds" rolling & loading=$!
sleep 2
for container in $("${replicas[@]}" ps -q api); do
    docker stop -t 20 "$container" > /dev/null # drains for five seconds first
    docker start "$container" > /dev/null # the engine gives it the address that it had, so nginx need not look it up again
    for _ in $(seq 100); do [ "$(docker inspect --format '{{.State.Health.Status}}' "$container")" = healthy ] && break; sleep 0.2; done
    echo "replaced one"
done
kill -0 "$loading" 2> /dev/null || fail "the load ended before the last replica was replaced: give more seconds"
wait "$loading"
digit 8080

say "all as it should be"
