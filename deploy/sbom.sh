#!/usr/bin/env bash
# What the service is made of, as CycloneDX 1.6 JSON: each package with version, licence and checksum, and which needs which.
#   deploy/sbom.sh [FILE=mnist-api.cdx.json]
# The base image's parts (the .NET runtime, Ubuntu's libraries) are in the base image's own manifest. The same commit gives the same file.
set -euo pipefail
file=$(realpath "${1:-mnist-api.cdx.json}")
cd "$(dirname "$0")"
project=../src/MnistApi/MnistApi.csproj
made=$(date --utc --date="@${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}" +%Y-%m-%dT%H:%M:%SZ)

dotnet tool restore > /dev/null
dotnet dotnet-CycloneDX "$project" --recursive --include-project-references --no-serial-number \
    --set-name MnistApi --set-version "$(dotnet msbuild "$project" -getProperty:Version)" \
    --spec-version 1.6 --output-format Json --output "$(dirname "$file")" --filename "$(basename "$file")" >&2
# The tool writes the time of now.
sed -i "s/\"timestamp\": \"[^\"]*\"/\"timestamp\": \"$made\"/" "$file"
