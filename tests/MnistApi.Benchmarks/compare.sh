#!/usr/bin/env bash
# The tables of the README beside this: the service against a bare Kestrel and against what else one might write, in alternation,
# medians over the rounds; and the plot of throughput against batch size (throughput.svg beside this file).
#   tests/MnistApi.Benchmarks/compare.sh [ROUNDS=5] [SECONDS=3]
# Over HTTP each server has one core and wrk -t1 -c32 another. Needs wrk, curl, taskset, MNIST in MNIST_DATA or the cache; for the peers
# python3 (or what PYTHON names) with fastapi, uvicorn, numpy and PIL, and node with npm. A peer that cannot be had is left out, and it says so.
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-5} seconds=${2:-3}
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
peers=$PWD/tests/MnistApi.Benchmarks/Peers

dotnet publish src/MnistApi -c Release --use-current-runtime -o "$work/service" -v quiet --nologo > "$work/build.log"
dotnet build tests/MnistApi.Benchmarks -c Release -v quiet --nologo > "$work/build.log"
bench=$PWD/tests/MnistApi.Benchmarks/bin/Release/net10.0/MnistApi.Benchmarks
"$bench" --bodies "$work"
cat > "$work/post.lua" <<'LUA'
local file = io.open(os.getenv("BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = os.getenv("TYPE")
LUA

names=() ports=()
start() { # NAME PORT COMMAND...
    local name=$1 port=$2
    shift 2
    taskset -c 0 "$@" > "$work/$name.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        if curl -s -o /dev/null -X POST "http://127.0.0.1:$port/predict"; then
            names+=("$name") ports+=("$port")
            return
        fi
        sleep 0.1
    done
    echo "$name does not start and is left out: $(tail -n 1 "$work/$name.log")" >&2
}
# As the image has it; with one core it matters.
inline=DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
start "bare Kestrel" 9101 "$bench" --bare-kestrel --urls http://127.0.0.1:9101
start "bare Kestrel, the service's settings" 9102 env "$inline" "$bench" --bare-kestrel --tuned --urls http://127.0.0.1:9102
start "the service" 9103 env "$inline" "$work/service/MnistApi" --urls http://127.0.0.1:9103
start "the obvious version" 9104 "$bench" --obvious --urls http://127.0.0.1:9104
if (cp -r "$peers/node" "$work/node" && cd "$work/node" && npm install --ignore-scripts --silent) > "$work/npm.log" 2>&1; then
    start "Node, fastify, onnxruntime-node" 9105 node "$work/node/service.mjs" "$work/model.onnx" 9105
fi
WEIGHTS=$PWD/src/MnistApi/Weights/mnist-784-50-100-10.safetensors OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
    start "FastAPI, uvicorn, numpy" 9106 "${PYTHON:-python3}" -m uvicorn --app-dir "$peers" --port 9106 --log-level warning fastapi_service:app

load() { # PORT BODY TYPE SECONDS -> requests a second, p99 in milliseconds
    BODY="$work/$2" TYPE="$3" taskset -c 1 wrk -t1 -c32 -d"$4s" --latency -s "$work/post.lua" "http://127.0.0.1:$1/predict" |
        awk '/Requests\/sec/ { rate = $2 } /99%/ { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; else if ($2 !~ /ms$/) p99 *= 1000 } /Non-2xx/ { bad = $0 } END { print rate, p99, bad }'
}
warm_up() { # PORT BODY TYPE: until twice in a row it was no faster than before
    local best=0 calm=0 rate
    for _ in $(seq 20); do
        rate=$(load "$1" "$2" "$3" 3 | awk '{ print int($1) }')
        if [ "$rate" -gt $((best + best / 50)) ]; then best=$rate calm=0; else calm=$((calm + 1)); fi
        [ "$calm" -lt 2 ] || return 0
    done
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

printf '## Over HTTP, %s, one core for the server\n\n' "$(nproc) cores in all"
for kind in "json1 application/json" "json100 application/json" "png image/png" "raw application/octet-stream"; do
    read -r body type <<< "$kind"
    # Code that was compiled ahead of time is compiled twice more while it runs, on the one core that it has, which takes up to half a minute.
    for port in "${ports[@]}"; do warm_up "$port" "$body" "$type"; done
    for _ in $(seq "$rounds"); do
        for port in "${ports[@]}"; do load "$port" "$body" "$type" "$seconds" >> "$work/$body.$port"; done
    done
    grep -h Non-2xx "$work/$body".* >&2 || true
    service=$(awk '{ print $1 }' "$work/$body.9103" | median)
    printf '| %s | requests/s | the service is times as fast | p99, ms |\n|---|---|---|---|\n' "$body"
    for i in "${!ports[@]}"; do
        awk -v n="${names[$i]}" -v r="$(awk '{ print $1 }' "$work/$body.${ports[$i]}" | median)" -v p="$(awk '{ print $2 }' "$work/$body.${ports[$i]}" | median)" -v s="$service" \
            'BEGIN { printf "| %s | %.0f | %.2f | %.2f |\n", n, r, s / r, p }'
    done
    echo
done
kill "${pids[@]}" 2>/dev/null || true
wait 2>/dev/null || true
pids=()

printf '## From the start of the process to the first answer\n\n'
"$bench" --start "$rounds" "$work/json1" \
    "bare Kestrel=$bench --bare-kestrel --urls http://127.0.0.1:{port}" \
    "the service=$work/service/MnistApi --urls http://127.0.0.1:{port}" \
    "the obvious version=$bench --obvious --urls http://127.0.0.1:{port}"

printf '\n## GET /eval against the forward pass alone\n\n'
"$bench" --eval "$rounds" "$work/service/MnistApi"

printf '\n## In one process\n\n'
"$bench" --ratios tests/MnistApi.Benchmarks/throughput.svg
