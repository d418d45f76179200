#!/usr/bin/env bash
# Measures the way of events from the POST to the committed row, and what limits it, and prints one table with the ratios.
# Needs what test.sh installs (MariaDB and .NET). How to read the table: docs/performance.md.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

project=benchmarks/JanusEvents.Benchmarks
dotnet build "$project" -c Release --nologo -v quiet >&2
exec dotnet "$project/bin/Release/net10.0/JanusEvents.Benchmarks.dll" ingest "$@"
