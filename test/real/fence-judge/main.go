// Program fence-judge: who may talk to whom, by Cilium's own policy engine.
//
// JSON documents in: policies, pods, namespaces, nodes, addresses, and queries. One out for each, as soon as it is judged:
// a verdict on each query, in order. Nothing here knows a rule of its own.
//
// Build: go build -p 2 -gcflags='all=-N -l -dwarf=false' -ldflags='-s -w' -o fence-judge .
// Run:   ./fence-judge <case.json
//
// A policy that Cilium refuses is data: it stands in `refused` and is not loaded. What keeps the program from judging is
// an error (exit 2). Each case gets an engine of its own, but Cilium keeps cluster name, address families and identity
// labels in globals: a process takes cases that have those in common, and refuses another.
//
// Not modelled: connection tracking (answers to an allowed flow always pass), address translation (ask for the backend of
// a Service), L7 (a flow that goes through a proxy counts as allowed, and `proxied` says so).
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
)

// Case is a cluster and what is asked about it.
type Case struct {
	// ClusterName and IdentityLabels are what the Cilium chart got: `cluster.name` and `labels`.
	ClusterName    string            `json:"clusterName"`
	IPv6           bool              `json:"ipv6"`
	IdentityLabels []string          `json:"identityLabels"`
	Policies       []json.RawMessage `json:"policies"`
	Namespaces     []Namespace       `json:"namespaces"`
	Pods           []Pod             `json:"pods"`
	Nodes          []Node            `json:"nodes"`
	Addresses      []Address         `json:"addresses"`
	Queries        []Query           `json:"queries"`
}

// Namespace with its labels.
type Namespace struct {
	Name   string            `json:"name"`
	Labels map[string]string `json:"labels"`
}

// Pod as it stands on the host.
type Pod struct {
	ID             string            `json:"id"`
	Namespace      string            `json:"namespace"`
	Labels         map[string]string `json:"labels"`
	ServiceAccount string            `json:"serviceAccount"`
}

// Node of the cluster. The judged pods run on the local one.
type Node struct {
	ID        string `json:"id"`
	IP        string `json:"ip"`
	Local     bool   `json:"local"`
	APIServer bool   `json:"apiServer"`
}

// Address that is no pod and no node.
type Address struct {
	ID        string `json:"id"`
	IP        string `json:"ip"`
	APIServer bool   `json:"apiServer"`
	// Names that were seen to resolve to it.
	Names []string `json:"names"`
}

// Query asks about one connection, by the ids of its ends.
type Query struct {
	From     string `json:"from"`
	To       string `json:"to"`
	Port     uint16 `json:"port"`
	Protocol string `json:"protocol"`
}

// Verdict on the query at the same place.
type Verdict struct {
	Allowed bool `json:"allowed"`
	// Egress and Ingress are the sender's and the receiver's side; true where no policy looks.
	Egress  bool `json:"egress"`
	Ingress bool `json:"ingress"`
	// Proxied says that L7 rules have the last word.
	Proxied bool `json:"proxied,omitempty"`
}

// Output is what the program prints.
type Output struct {
	Refused    []Refusal `json:"refused"`
	Verdicts   []Verdict `json:"verdicts"`
	Identities int       `json:"identities"`
	// Entries is the largest policy map of a pod: the datapath has room for 16,384.
	Entries int `json:"entries"`
}

// Refusal of a policy by Cilium.
type Refusal struct {
	Policy string `json:"policy"`
	Error  string `json:"error"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fence-judge:", err)
		os.Exit(2)
	}
}

func run(in io.Reader, out io.Writer) error {
	decoder := json.NewDecoder(in)
	decoder.DisallowUnknownFields() // a misspelt field must not turn into a milder case
	logger := slog.New(slog.DiscardHandler)
	var first *Case
	var policies *reader
	for {
		var asked Case
		if err := decoder.Decode(&asked); errors.Is(err, io.EOF) && first != nil {
			return nil
		} else if err != nil {
			return fmt.Errorf("reading the case: %w", err)
		}
		if first == nil {
			first = &asked
			var err error
			if policies, err = newReader(logger, asked.ClusterName); err != nil {
				return err
			}
		} else if !sameGlobals(*first, asked) {
			return errors.New("a case with another cluster name, address families or identity labels: give it its own process")
		}
		answer, err := judge(logger, policies, asked)
		if err != nil {
			return err
		}
		// Only now: half a document would read as an answer.
		if err := json.NewEncoder(out).Encode(answer); err != nil {
			return err
		}
	}
}

func sameGlobals(one, other Case) bool {
	return one.ClusterName == other.ClusterName && one.IPv6 == other.IPv6 &&
		slices.Equal(one.IdentityLabels, other.IdentityLabels)
}
