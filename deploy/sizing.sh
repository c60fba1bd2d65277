#!/usr/bin/env bash
# The tables of deploy/sizing.md: what one core does, in how much memory; one and two replicas of a core each behind nginx; a million predictions a second.
#   deploy/sizing.sh [SECONDS=3]     for each measurement; about four minutes in all
# Needs two cores, wrk, nginx, curl, taskset, and MNIST in MNIST_DATA or the cache. Nothing else should run on the machine meanwhile.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin
seconds=${1:-3} first_port=${PORT:-9701}
work=$(mktemp -d)
pids=() services=()
trap 'kill "${services[@]}" "${pids[@]}" 2> /dev/null || true; wait 2> /dev/null || true; rm -rf "$work"' EXIT

dotnet publish src/MnistApi -c Release --use-current-runtime -o "$work/service" -v quiet --nologo > "$work/build.log"
dotnet build tests/MnistApi.Benchmarks -c Release -v quiet --nologo > "$work/build.log"
tests/MnistApi.Benchmarks/bin/Release/net10.0/MnistApi.Benchmarks --bodies "$work"
cp tests/MnistApi.TestData/seven.png "$work/canvas"
dotnet build-server shutdown > /dev/null
kinds=(json1 json100 raw raw100 png canvas photo)
proxied=(json1 json100 raw100 canvas photo)
declare -A type=([json1]=application/json [json100]=application/json [raw]=application/octet-stream [raw100]=application/octet-stream [png]=image/png [canvas]=image/png [photo]=image/png)
images() { case $1 in *100) echo 100 ;; *) echo 1 ;; esac; }

# With PAUSE each caller waits for a random time, so many milliseconds on average, before it asks again: a load below the peak.
cat > "$work/post.lua" <<'LUA'
local file = io.open(os.getenv("BODY"), "rb")
wrk.method = "POST"
wrk.body = file:read("*a")
wrk.headers["Content-Type"] = os.getenv("TYPE")
local pause = tonumber(os.getenv("PAUSE") or 0)
if pause > 0 then
    function delay() return math.random(0, 2 * pause) end
end
LUA

# A pod of one core and 256 MiB: one core, three quarters of the memory for the heap, as .NET takes in a container. A longer queue than
# the usual one of four, so that requests wait and none is turned away.
replica() { # CORE PORT
    DOTNET_GCHeapHardLimit=0xC000000 Overload__Queue=64 taskset -c "$1" "$work/service/MnistApi" --urls "http://127.0.0.1:$2" > "$work/replica$1.log" 2>&1 &
    services+=($!)
    for _ in $(seq 100); do curl -fs -o /dev/null "http://127.0.0.1:$2/health/ready" && return; sleep 0.1; done
    cat "$work/replica$1.log" >&2
    exit 1
}
# New ones for each body: code is compiled for what a process has seen, so the order would count.
replicas() {
    [ ${#services[@]} = 0 ] || { kill "${services[@]}"; wait "${services[@]}" || true; }
    services=()
    replica 0 "$first_port"
    replica 1 $((first_port + 1))
}

# deploy/proxy/mnist.conf twice, in front of one replica and of both.
for n in 1 2; do
    sed "s/listen 8080/listen 127.0.0.1:$((first_port + 10 + n))/; s/mnist/mnist$n/; s/upstream.conf/upstream$n.conf/" deploy/proxy/mnist.conf > "$work/mnist$n.conf"
    for i in $(seq "$n"); do echo "server 127.0.0.1:$((first_port + i - 1)) max_fails=1 fail_timeout=1s;"; done > "$work/upstream$n.conf"
done
cat > "$work/nginx.conf" <<CONF
worker_processes 2;
pid $work/nginx.pid;
error_log $work/nginx.log;
events { }
http {
    access_log off;
    client_body_temp_path $work/nginx-body;
    proxy_temp_path $work/nginx-proxy;
    include $work/mnist1.conf;
    include $work/mnist2.conf;
}
CONF
nginx -c "$work/nginx.conf" -g 'daemon off;' 2> "$work/nginx.log" &
nginx=$!
pids+=("$nginx")
sleep 1
mapfile -t workers < <(pgrep -P "$nginx")

memory() { awk -v key="$2:" '$1 == key { printf "%.0f", $2 / 1024 }' "/proc/$1/status"; }
cpu() { for pid in "$@"; do cat "/proc/$pid/stat"; done | awk -v hz="$(getconf CLK_TCK)" '{ s += $14 + $15 } END { print s / hz }'; } # seconds, of processes without blanks in their names

taken() { awk -v before="$1" '/^cpu / { for (i = 2; i <= 9; i++) all += $i; if (before == "") { print all, $9; exit } split(before, b); printf "The host took away %.0f %% of the machine meanwhile.\n", 100 * ($9 - b[2]) / (all - b[1]) }' /proc/stat; }

# load KIND PORT CALLERS SECONDS [PAUSE]: requests/s, p99 in ms, microseconds of CPU a request of the services in use, of nginx and of wrk, cores that the services had
load() {
    local in_use=("${services[0]}") before_services before_workers wrk_cpu
    [ "$2" != $((first_port + 12)) ] || in_use=("${services[@]}")
    sleep 0.5 # what the load before left in the queue
    before_services=$(cpu "${in_use[@]}") before_workers=$(cpu "${workers[@]}")
    TIMEFORMAT='%U %S'
    wrk_cpu=$({ time BODY="$work/$1" TYPE=${type[$1]} PAUSE=${5:-0} ${core:+taskset -c "$core"} wrk -t1 -c"$3" -d"$4s" --latency -s "$work/post.lua" "http://127.0.0.1:$2/predict" > "$work/wrk.txt" 2>&1; } 2>&1) || true
    if ! grep -q 'Requests/sec' "$work/wrk.txt" || grep -qE 'Non-2xx|Socket errors' "$work/wrk.txt"; then echo "FAILED: $1: $(cat "$work/wrk.txt")" >&2; exit 1; fi
    awk -v wrk="$wrk_cpu" -v services="$(cpu "${in_use[@]}") $before_services" -v workers="$(cpu "${workers[@]}") $before_workers" '
        / requests in / { n = $1; time = $4 + 0; if ($4 ~ /m/) time *= 60 }
        / 99%/ { p99 = $2 + 0; if ($2 ~ /us/) p99 /= 1000; else if ($2 !~ /ms/) p99 *= 1000 }
        END { split(services, s); split(workers, w); split(wrk, k); print n / time, p99, (s[1] - s[2]) / n * 1e6, (w[1] - w[2]) / n * 1e6, (k[1] + k[2]) / n * 1e6, (s[1] - s[2]) / time }' "$work/wrk.txt"
}

echo "$(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores, Linux $(uname -r), .NET $(dotnet --list-runtimes | awk '/NETCore.App 10/ { v = $2 } END { print v }'), $(nginx -v 2>&1 | sed 's/.*: //'), commit $(git rev-parse --short HEAD), load before: $(cut -d' ' -f1-3 /proc/loadavg)"

printf '\n## One core\n\n'
replicas
sleep 4 # the metrics are set up two seconds after the start
echo "Idle: $(memory "${services[0]}" RssAnon) MiB of its own, $(memory "${services[0]}" VmRSS) MiB with the files that it has mapped"
printf '\n| body | images | bytes in | bytes out | requests/s | images/s | us CPU | p99, ms | cores | us CPU | MiB | with files |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n'
declare -A light out
core=1
before=$(taken "")
for kind in "${kinds[@]}"; do
    replicas
    out[$kind]=$(curl -s -o /dev/null -w '%{size_download}' -H "Content-Type: ${type[$kind]}" --data-binary "@$work/$kind" "http://127.0.0.1:$first_port/predict")
    load "$kind" "$first_port" 32 7 > /dev/null # ahead-of-time code is compiled twice more, on the core that it has
    read -r peak _ cost _ < <(load "$kind" "$first_port" 32 "$seconds")
    callers=$(awk -v r="$peak" 'BEGIN { print (r > 10000 ? 256 : 64) }')
    pause=$(awk -v r="$peak" -v c="$callers" 'BEGIN { printf "%.0f", c / (0.4 * r) * 1000 }')
    read -r _ p99 light[$kind] _ _ busy < <(load "$kind" "$first_port" "$callers" "$seconds" "$pause")
    awk -v kind="$kind" -v n="$(images "$kind")" -v in_="$(stat -c %s "$work/$kind")" -v out="${out[$kind]}" -v peak="$peak" -v cost="$cost" -v p99="$p99" -v busy="$busy" -v light="${light[$kind]}" -v own="$(memory "${services[0]}" RssAnon)" -v all="$(memory "${services[0]}" VmRSS)" \
        'BEGIN { printf "| %s | %d | %d | %d | %.0f | %.0f | %.0f | %.2f | %.2f | %.0f | %d | %d |\n", kind, n, in_, out, peak, peak * n, cost, p99, busy, light, own, all }'
done
echo
taken "$before"

printf '\n## One and two replicas behind nginx\n\n'
printf '| body | one/s | two/s | against 2x | us CPU: one | two | nginx | wrk | cores of the two | against these |\n|---|---|---|---|---|---|---|---|---|---|\n'
core=
before=$(taken "")
declare -A proxy
for kind in "${proxied[@]}"; do
    replicas
    load "$kind" $((first_port + 12)) 64 6 > /dev/null
    for _ in 1 2; do
        load "$kind" $((first_port + 11)) 32 "$seconds" >> "$work/one.$kind"
        load "$kind" $((first_port + 12)) 64 "$seconds" >> "$work/two.$kind"
    done
    mean() { awk -v c="$2" '{ s += $c } END { print s / NR }' "$work/$1.$kind"; }
    proxy[$kind]=$(mean one 4)
    awk -v kind="$kind" -v one="$(mean one 1)" -v two="$(mean two 1)" -v c1="$(mean one 3)" -v c2="$(mean two 3)" -v p="$(mean two 4)" -v w="$(mean two 5)" -v had="$(mean two 6)" \
        'BEGIN { printf "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.0f | %.0f | %.2f | %.2f |\n", kind, one, two, two / (2 * one), c1, c2, p, w, had, two / (one * had) }'
done

printf '\n%s\n' "$(taken "$before")"

printf '\n## A million predictions a second\n\n'
printf '| body | requests/s | cores for the service, 60 %% busy | Gbit/s in | Gbit/s out | cores for nginx, 60 %% busy |\n|---|---|---|---|---|---|\n'
for kind in "${proxied[@]}"; do
    awk -v kind="$kind" -v n="$(images "$kind")" -v in_="$(stat -c %s "$work/$kind")" -v out="${out[$kind]}" -v cost="${light[$kind]}" -v proxy="${proxy[$kind]}" \
        'BEGIN { r = 1e6 / n; printf "| %s | %.0f | %.1f | %.1f | %.1f | %.1f |\n", kind, r, r * cost / 1e6 / 0.6, r * in_ * 8 / 1e9, r * out * 8 / 1e9, r * proxy / 1e6 / 0.6 }'
done
