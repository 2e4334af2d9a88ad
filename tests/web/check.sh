#!/usr/bin/env bash
# The pages by themselves: types, messages in both languages, verification, phonetics, flow control.
# Runs in a copy under build/, so that the source tree is never written to.
set -euo pipefail
cd "$(dirname "$0")/../.."
. deploy/lib.sh
need_node
copy=build/web-check
mkdir -p "$copy/web" "$copy/agent/page" "$copy/shared" "$copy/docs" "$copy/gateway"
copy_pages "$copy/web"
cp agent/page/page_error.hpp "$copy/agent/page/"
cp agent/notice.cpp "$copy/agent/"
for part in . api people review retention registers registers/breach registers/rights registers/processing registers/common witnesses backup outward; do mkdir -p "$copy/gateway/$part" && cp gateway/$part/*.[ch]pp "$copy/gateway/$part/"; done
mkdir -p "$copy/audit" && cp audit/schema.cpp audit/schema_memory.hpp "$copy/audit/"
cp docs/*.md "$copy/docs/"
cd "$copy/web"
if [ ! -e installed ] || ! cmp -s package-lock.json installed; then
  npm ci --ignore-scripts --prefer-offline --loglevel=error >npm.log 2>&1 || { tail -20 npm.log >&2; die "npm ci failed" "is the package registry reachable?"; }
  cp package-lock.json installed
fi
npm run --silent check
npm test --silent
