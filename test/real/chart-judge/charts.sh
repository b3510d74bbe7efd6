#!/bin/sh
# Prints where the pinned charts lie in the Go module cache, as NAME=value lines: env $(./charts.sh) ./chart-judge
set -eu
cd "$(dirname "$0")"
go mod download github.com/loft-sh/vcluster github.com/cilium/cilium
echo "VCLUSTER_CHART=$(go list -m -f '{{.Dir}}' github.com/loft-sh/vcluster)/chart"
echo "CILIUM_CHART=$(go list -m -f '{{.Dir}}' github.com/cilium/cilium)/install/kubernetes/cilium"
