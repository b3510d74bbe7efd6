// Program chart-judge: one JSON document of cases in, one JSON document of verdicts out.
//
// Each case is Helm values for one chart. They are judged by the real parts: vCluster's own config
// package and claim syncer, Cilium's own label filter, and Helm's own renderer. Nothing here knows a rule of its own.
//
// Build: go build -p 2 -gcflags='all=-N -l -dwarf=false' -ldflags='-s -w' -o chart-judge .
// Test:  go test -p 2 -gcflags='all=-N -l -dwarf=false' .
// Run:   env $(./charts.sh) ./chart-judge <cases.json
//
// The flags leave out optimisation: a third less of a cold build of minutes. Same flags, same cache.
//
// VCLUSTER_CHART and CILIUM_CHART name the directories of the two charts; charts.sh prints them.
// What a chart refuses is data (exit 0). What keeps the program from judging is not (exit 2).
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// Case is one set of values to judge.
type Case struct {
	ID          string            `json:"id"`
	Chart       string            `json:"chart"`
	Release     string            `json:"release"`
	Namespace   string            `json:"namespace"`
	KubeVersion string            `json:"kubeVersion"`
	Values      json.RawMessage   `json:"values"`
	ChartPath   string            `json:"chartPath"`
	PodLabels   map[string]string `json:"podLabels"`
	Claims      []Claim           `json:"claims"`
}

// Result is the verdict on the case with the same id.
type Result struct {
	ID             string            `json:"id"`
	Errors         []string          `json:"errors"`
	Licence        bool              `json:"licence"`
	LicensedKeys   []string          `json:"licensedKeys"`
	IdentityLabels []string          `json:"identityLabels,omitzero"`
	Claims         []Claim           `json:"claims,omitzero"`
	Corefile       string            `json:"corefile,omitempty"`
	Objects        []json.RawMessage `json:"objects"`
}

// refuse records what a real part said against the values.
func (r *Result) refuse(err error) {
	if err != nil {
		r.Errors = append(r.Errors, err.Error())
	}
}

type input struct {
	Cases []Case `json:"cases"`
}

type output struct {
	Results []Result       `json:"results"`
	MTU     map[string]int `json:"mtu,omitempty"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "chart-judge:", err)
		os.Exit(2)
	}
}

func run(in io.Reader, out io.Writer) error {
	// vCluster's licence check answers "no" to everything if this is set.
	if err := os.Unsetenv("SKIP_VALIDATE_PRO_FEATURES"); err != nil {
		return err
	}

	var asked input
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields() // a misspelt field must not turn into a milder case
	if err := decoder.Decode(&asked); err != nil {
		return fmt.Errorf("reading the cases: %w", err)
	}

	overheads, err := mtu()
	if err != nil {
		return err
	}
	answer := output{Results: []Result{}, MTU: overheads}
	for _, c := range asked.Cases {
		result, err := judge(c)
		if err != nil {
			return fmt.Errorf("case %q: %w", c.ID, err)
		}
		answer.Results = append(answer.Results, result)
	}

	// Only now: half a document would read as an answer.
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	return encoder.Encode(answer)
}

// judge asks the parts that belong to the chart of the case, then renders it.
func judge(c Case) (Result, error) {
	r := Result{ID: c.ID, Errors: []string{}, LicensedKeys: []string{}, Objects: []json.RawMessage{}}
	if len(c.Values) == 0 {
		c.Values = json.RawMessage("{}")
	}
	source, ok := sources[c.Chart]
	if !ok {
		return r, fmt.Errorf("no chart %q", c.Chart)
	}
	if source.judge != nil {
		if err := source.judge(c, &r); err != nil {
			return r, err
		}
	}
	return r, render(c, source, &r)
}
