#!/usr/bin/env bash
# The tables of the README beside this: the service against a bare Kestrel and against what else one might write, in alternation,
# medians over the rounds; and the plot of throughput against batch size (throughput.svg beside this file).
#   tests/MnistApi.Benchmarks/compare.sh [ROUNDS=5] [SECONDS=3]
# Each server has one core; wrk -t1 -c32, or h2load for gRPC, has another. Needs wrk, h2load (nghttp2-client), taskset, MNIST in
# MNIST_DATA or the cache; for the peers python3 (or what PYTHON names) with fastapi, uvicorn, numpy and PIL, and node with npm.
# A peer that cannot be had is left out, and it says so.
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
local pause = tonumber(os.getenv("PAUSE") or "0")
if pause > 0 then
    function delay() return math.random(0, 2 * pause) end
end
LUA

names=() ports=()
start() { # NAME PORT COMMAND...
    local name=$1 port=$2
    shift 2
    taskset -c 0 "$@" > "$work/$port.log" 2>&1 &
    pids+=($!)
    for _ in $(seq 100); do
        if (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
            names+=("$name") ports+=("$port")
            return
        fi
        sleep 0.1
    done
    echo "$name does not start and is left out: $(tail -n 1 "$work/$port.log")" >&2
}
stop() { # at once: a service that is asked to end would first finish what it has
    kill -9 "${pids[@]}" 2> /dev/null || true
    wait "${pids[@]}" 2> /dev/null || true
    sleep 1 # until the ports are free
    pids=() names=() ports=()
}

load() { # PORT BODY TYPE SECONDS -> requests a second, p99 in milliseconds
    BODY="$work/$2" TYPE="$3" taskset -c 1 wrk -t1 -c32 -d"$4s" --latency -s "$work/post.lua" "http://127.0.0.1:$1/predict" |
        awk '/Requests\/sec/ { rate = $2 }
            /99%/ { p99 = $2 + 0; if ($2 ~ /us$/) p99 /= 1000; else if ($2 !~ /ms$/) p99 *= 1000 }
            /Non-2xx/ { bad = $0 }
            END { print rate, p99, bad }'
}
load_grpc() { # the same
    rm -f "$work/times"
    taskset -c 1 h2load -t1 -c32 -m1 -D "$4" -d "$work/$2" -H "content-type: $3" -H 'te: trailers' --log-file="$work/times" \
        "http://127.0.0.1:$1/inference.GRPCInferenceService/ModelInfer" > "$work/h2load"
    awk '/^finished in/ { rate = $4 + 0 } /^status codes/ && $3 == 0 { bad = "Non-2xx" } END { printf "%s ", rate bad }' "$work/h2load"
    cut -f3 "$work/times" | sort -n | awk '{ v[NR] = $1 / 1000 } END { print v[int(NR * 0.99) + 1] }'
}
warm_up() { # LOAD PORT BODY TYPE: until twice in a row it was no faster than before
    local best=0 calm=0 rate
    for _ in $(seq 20); do
        rate=$("$1" "$2" "$3" "$4" 3 | awk '{ print int($1) }')
        if [ "$rate" -gt $((best + best / 50)) ]; then best=$rate calm=0; else calm=$((calm + 1)); fi
        [ "$calm" -lt 2 ] || return 0
    done
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
table() { # LOAD PORT-OF-THE-SERVICE BODY TYPE
    local port service i
    # Code that was compiled ahead of time is compiled twice more while it runs, on its one core, which takes up to half a minute.
    for port in "${ports[@]}"; do warm_up "$1" "$port" "$3" "$4"; done
    for _ in $(seq "$rounds"); do
        for port in "${ports[@]}"; do "$1" "$port" "$3" "$4" "$seconds" >> "$work/$3.$port"; done
    done
    grep -h Non-2xx "$work/$3".* >&2 || true
    service=$(awk '{ print $1 }' "$work/$3.$2" | median)
    printf '| %s | requests/s | the service is times as fast | p99, ms |\n|---|---|---|---|\n' "$3"
    for i in "${!ports[@]}"; do
        awk -v n="${names[$i]}" -v r="$(awk '{ print $1 }' "$work/$3.${ports[$i]}" | median)" \
            -v p="$(awk '{ print $2 }' "$work/$3.${ports[$i]}" | median)" -v s="$service" \
            'BEGIN { printf "| %s | %.0f | %.2f | %.2f |\n", n, r, s / r, p }'
    done
    echo
}

# As the image has it; with one core it matters.
inline=DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1
start "bare Kestrel" 9101 "$bench" --bare-kestrel --urls http://127.0.0.1:9101
start "bare Kestrel, the service's settings" 9102 env "$inline" "$bench" --bare-kestrel --tuned --urls http://127.0.0.1:9102
start "bare Kestrel, the service's metrics" 9107 "$bench" --bare-kestrel --metrics --urls http://127.0.0.1:9107
start "the service" 9103 env "$inline" "$work/service/MnistApi" --urls http://127.0.0.1:9103
start "the obvious version" 9104 "$bench" --obvious --urls http://127.0.0.1:9104
if (cp -r "$peers/node" "$work/node" && cd "$work/node" && npm install --ignore-scripts --silent) > "$work/npm.log" 2>&1; then
    start "Node, fastify, onnxruntime-node" 9105 node "$work/node/service.mjs" "$work/model.onnx" 9105
fi
WEIGHTS=$PWD/src/MnistApi/Weights/mnist-784-50-100-10.safetensors OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1 \
    start "FastAPI, uvicorn, numpy" 9106 "${PYTHON:-python3}" -m uvicorn --app-dir "$peers" --port 9106 \
        --log-level warning fastapi_service:app

printf '## Over HTTP, %s, one core for the server\n\n' "$(nproc) cores in all"
for kind in "json1 application/json" "json100 application/json" "png image/png" "raw application/octet-stream"; do
    read -r body type <<< "$kind"
    table load 9103 "$body" "$type"
done
stop

printf '## Over gRPC, one core for the server\n\n'
start "bare Kestrel, HTTP/2" 9101 "$bench" --bare-kestrel --http2 --urls http://127.0.0.1:9101
start "the service" 9103 env "$inline" "$work/service/MnistApi" --urls http://127.0.0.1:9104 --Grpc:Port 9103
for body in grpc1 grpc100; do table load_grpc 9103 "$body" application/grpc; done
stop

printf "## The service's CPU by load, JSON of one, one core for the server\n\n"
start "the service" 9103 env "$inline" "$work/service/MnistApi" --urls http://127.0.0.1:9103
ticks() { awk '{ print $14 + $15 }' "/proc/${pids[0]}/stat"; }
warm_up load 9103 json1 application/json
printf '| requests/s | CPU a request, microseconds | against the peak | median, ms |\n|---|---|---|---|\n'
peak=
for pause in 0 2 4 9 32; do # milliseconds on average from an answer to the next request, on each of the 32 connections
    for _ in $(seq "$rounds"); do
        before=$(ticks)
        BODY="$work/json1" TYPE=application/json PAUSE=$pause \
            taskset -c 1 wrk -t1 -c32 -d10s --latency -s "$work/post.lua" http://127.0.0.1:9103/predict > "$work/wrk"
        awk -v ticks=$(($(ticks) - before)) -v hertz="$(getconf CLK_TCK)" \
            '/requests in/ { n = $1 } /Requests\/sec/ { rate = $2 } /50%/ { p50 = $2 + 0; if ($2 ~ /us$/) p50 /= 1000 }
             END { printf "%.1f %.0f %.2f\n", ticks / hertz / n * 1e6, rate, p50 }' "$work/wrk"
    done | sort -n | awk '{ v[NR] = $0 } END { print v[int((NR + 1) / 2)] }' > "$work/cpu"
    read -r cpu rate p50 < "$work/cpu"
    peak=${peak:-$cpu}
    awk -v c="$cpu" -v r="$rate" -v k="$peak" -v p="$p50" 'BEGIN { printf "| %s | %s | %.2f | %s |\n", r, c, c / k, p }'
done
before=$(ticks)
sleep 60
printf '\nIdle for a minute: %s ms of CPU.\n\n' $((($(ticks) - before) * 1000 / $(getconf CLK_TCK)))
stop

printf '## From the start of the process to the first answer\n\n'
"$bench" --start "$rounds" "$work/json1" \
    "bare Kestrel=$bench --bare-kestrel --urls http://127.0.0.1:{port}" \
    "the service=$work/service/MnistApi --urls http://127.0.0.1:{port}" \
    "the obvious version=$bench --obvious --urls http://127.0.0.1:{port}"

printf '\n## GET /eval against the forward pass alone\n\n'
"$bench" --eval "$rounds" "$work/service/MnistApi"

printf '\n## In one process\n\n'
"$bench" --ratios tests/MnistApi.Benchmarks/throughput.svg
