// Cilium: its own label filter, and the MTU constants of its own source.
package main

import (
	"errors"
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"helm.sh/helm/v3/pkg/chartutil"
)

// judgeCilium reports which pod labels make up an identity under the value `labels`.
func judgeCilium(c Case, r *Result) error {
	values, err := chartutil.ReadValues(c.Values)
	if err != nil {
		r.refuse(err)
		return nil
	}
	patterns, _ := values["labels"].(string) // any other type is the schema's to refuse
	// The filter is global state: set anew for every case, also when it has no patterns.
	err = labelsfilter.ParseLabelPrefixCfg(slog.New(slog.DiscardHandler), strings.Fields(patterns), nil, "")
	if err != nil {
		r.refuse(fmt.Errorf("labels: %w", err))
		return nil
	}
	pod := labels.Labels{}
	for name, value := range c.PodLabels {
		label := labels.ParseLabel(name + "=" + value)
		pod[label.Key] = label
	}
	identity, _ := labelsfilter.Filter(pod)
	r.IdentityLabels = identity.GetModel()
	slices.Sort(r.IdentityLabels)
	return nil
}

// overheads names the constants of Cilium's package mtu that are reported.
var overheads = map[string]string{
	"wireguard": "WireguardOverhead",
	"tunnel":    "TunnelOverheadIPv4",
}

// mtu reads the constants from the source next to the chart. Importing the package would compile
// half of the agent for two numbers. A chart outside its module has no such source: no numbers.
func mtu() (map[string]int, error) {
	chartDir := os.Getenv("CILIUM_CHART")
	if chartDir == "" {
		return nil, nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, filepath.Join(chartDir, "../../../pkg/mtu/mtu.go"), nil, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// The functions in it use types of other files; the constants do not.
	lenient := types.Config{Error: func(error) {}}
	checked, _ := lenient.Check("mtu", set, []*ast.File{file}, nil)

	found := map[string]int{}
	for name, symbol := range overheads {
		declared, ok := checked.Scope().Lookup(symbol).(*types.Const)
		if !ok {
			return nil, fmt.Errorf("cilium's package mtu has no constant %s", symbol)
		}
		bytes, exact := constant.Int64Val(declared.Val())
		if !exact {
			return nil, fmt.Errorf("cilium's %s is no integer", symbol)
		}
		found[name] = int(bytes)
	}
	return found, nil
}
