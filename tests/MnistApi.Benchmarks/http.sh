#!/usr/bin/env bash
# Requests a second of the service against a bare Kestrel with default settings and with the service's own: the server on
# one core, wrk -t1 -c32 on another, all in alternation, medians over the rounds. Needs wrk and taskset; MNIST in MNIST_DATA or the cache.
#   tests/MnistApi.Benchmarks/http.sh [ROUNDS=5] [SECONDS=3]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-3}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

dotnet publish src/MnistApi -c Release -o "$work/service" -v quiet --nologo > "$work/build.log"
dotnet build tests/MnistApi.Benchmarks -c Release -v quiet --nologo > "$work/build.log"
bench=tests/MnistApi.Benchmarks/bin/Release/net10.0/MnistApi.Benchmarks
"$bench" --bodies "$work"
cat > "$work/post.lua" <<'LUA'
local file = io.open(os.getenv("BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = os.getenv("TYPE")
LUA

start() { # NAME PORT COMMAND...
    local name=$1 port=$2
    shift 2
    taskset -c 0 "$@" --urls "http://127.0.0.1:$port" > "$work/$name.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        curl -s -o /dev/null -X POST "http://127.0.0.1:$port/predict" && return
        sleep 0.1
    done
    cat "$work/$name.log" >&2
    return 1
}
start default 9101 "$bench" --bare-kestrel
start tuned 9102 "$bench" --bare-kestrel --tuned
start service 9103 "$work/service/MnistApi"

load() { # PORT BODY TYPE SECONDS -> requests a second, p99 in milliseconds
    BODY="$work/$2" TYPE="$3" taskset -c 1 wrk -t1 -c32 -d"$4s" --latency -s "$work/post.lua" "http://127.0.0.1:$1/predict" |
        awk '/Requests\/sec/ { rate = $2 } /99%/ { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; else if ($2 !~ /ms$/) p99 *= 1000 } /Non-2xx/ { bad = $0 } END { print rate, p99, bad }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

echo "| body | bare, default | bare, the service's settings | service | against default | against its own | p99 default | p99 service |"
echo "|---|---|---|---|---|---|---|---|"
for kind in "json1 application/json" "json100 application/json" "png image/png" "raw application/octet-stream"; do
    read -r body type <<< "$kind"
    for port in 9101 9102 9103; do load "$port" "$body" "$type" 2 > /dev/null; done
    for _ in $(seq "$rounds"); do
        for port in 9101 9102 9103; do load "$port" "$body" "$type" "$seconds" >> "$work/$body.$port"; done
    done
    default=$(awk '{ print $1 }' "$work/$body.9101" | median)
    tuned=$(awk '{ print $1 }' "$work/$body.9102" | median)
    service=$(awk '{ print $1 }' "$work/$body.9103" | median)
    grep -h Non-2xx "$work/$body".* >&2 || true
    awk -v b="$body" -v d="$default" -v t="$tuned" -v s="$service" -v pd="$(awk '{ print $2 }' "$work/$body.9101" | median)" -v ps="$(awk '{ print $2 }' "$work/$body.9103" | median)" \
        'BEGIN { printf "| %s | %.0f | %.0f | %.0f | %.2f | %.2f | %.2f ms | %.2f ms |\n", b, d, t, s, s / d, s / t, pd, ps }'
done
