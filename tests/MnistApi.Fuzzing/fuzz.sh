#!/usr/bin/env bash
# Coverage-guided fuzzing of one parser: tests/MnistApi.Fuzzing/fuzz.sh TARGET MINUTES
# Needs AFL++ (Debian's package afl++). Goes on where it stopped; ends with what it did, and with 1 where it found something.
set -euo pipefail
target=${1:?png, jpeg, json, idx, safetensors, pickle, torch, npz, onnx, infer or grpc} minutes=${2:?how many minutes}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
built=$root/artifacts/fuzzing/bin
found=$root/artifacts/fuzzing/$target
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

(cd "$here" && dotnet tool restore > /dev/null)
if [ "${FUZZ_NO_BUILD:-}" != 1 ]; then
    rm -rf "$built"
    dotnet build -c Release "$here" -o "$built" -v q
    for assembly in MnistApi MnistApi.Imaging MnistApi.Inference mnist SixLabors.ImageSharp Google.Protobuf; do
        (cd "$here" && dotnet sharpfuzz "$built/$assembly.dll")
    done
fi

mkdir -p "$found"
seeds=$here/corpus/$target
[ -e "$found/default/fuzzer_stats" ] && seeds=- # goes on
[ "$seeds" = - ] || rm -rf "$found/default"
export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
export AFL_NO_UI=1 AFL_IGNORE_SEED_PROBLEMS=1
export AFL_QUIET=1 DOTNET_gcServer=0
# 5 s are a hang: nothing that small may take so long. 2 MB are the longest input.
afl-fuzz -i "$seeds" -o "$found" -t 5000 -m none -V $((minutes * 60)) -G 2000000 \
    dotnet "$built/MnistApi.Fuzzing.dll" "$target" > "$found/log" 2>&1 || { tail -n 20 "$found/log"; exit 2; }

awk -F ' *: *' '$1 ~ /^(run_time|execs_done|execs_per_sec|corpus_count|corpus_found|edges_found|saved_crashes|saved_hangs)$/ {
    print $1 ": " $2 }' "$found/default/fuzzer_stats"
findings=$(find "$found/default/crashes" "$found/default/hangs" -name 'id*' | wc -l)
echo "$findings findings in $found/default"
[ "$findings" = 0 ]
