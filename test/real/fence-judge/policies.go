// Policies as the agent reads them: validated by the CRD's own schema, parsed by Cilium's own parsers.
package main

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2/validator"
	slim_networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/policy/utils"
)

// loaded is one policy, ready for the repository.
type loaded struct {
	resource ipcachetypes.ResourceID
	entries  types.PolicyEntries
	fqdns    api.FQDNSelectorSlice
}

type reader struct {
	logger      *slog.Logger
	validator   *validator.NPValidator
	clusterName string
	known       map[string]reading
}

// reading is what came of one object.
type reading struct {
	policy loaded
	name   string
	err    error
}

func newReader(logger *slog.Logger, clusterName string) (*reader, error) {
	schema, err := validator.NewNPValidator(logger)
	return &reader{logger: logger, validator: schema, clusterName: clusterName, known: map[string]reading{}}, err
}

// read parses one object, once however many cases have it. An error is Cilium's refusal; a kind that is no policy ends the
// program.
func (r *reader) read(raw json.RawMessage) (loaded, string, error) {
	one, ok := r.known[string(raw)]
	if !ok {
		one.policy, one.name, one.err = r.readNew(raw)
		r.known[string(raw)] = one
	}
	return one.policy, one.name, one.err
}

func (r *reader) readNew(raw json.RawMessage) (loaded, string, error) {
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(raw, &object.Object); err != nil {
		return loaded{}, "?", err
	}
	name := fmt.Sprintf("%s %s/%s", object.GetKind(), object.GetNamespace(), object.GetName())
	policy, err := r.parse(object, raw)
	return policy, name, err
}

func (r *reader) parse(object *unstructured.Unstructured, raw json.RawMessage) (loaded, error) {
	namespace, name := object.GetNamespace(), object.GetName()
	switch object.GetKind() {
	case "NetworkPolicy":
		np := &slim_networkingv1.NetworkPolicy{}
		if err := json.Unmarshal(raw, np); err != nil {
			return loaded{}, err
		}
		entries, err := k8s.ParseNetworkPolicy(r.logger, r.clusterName, np)
		return loaded{
			resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindNetpol, namespace, name),
			entries:  entries,
		}, err
	case "CiliumNetworkPolicy":
		if namespace == "" { // the API server would set it; without one it parses as clusterwide
			object.SetNamespace("default")
			namespace = "default"
		}
		if err := r.validator.ValidateCNP(object); err != nil {
			return loaded{}, err
		}
		cnp := &v2.CiliumNetworkPolicy{}
		if err := json.Unmarshal(raw, cnp); err != nil {
			return loaded{}, err
		}
		cnp.Namespace = namespace
		rules, err := cnp.Parse(r.logger, r.clusterName)
		return fromRules(ipcachetypes.ResourceKindCNP, namespace, name, rules), err
	case "CiliumClusterwideNetworkPolicy":
		if err := r.validator.ValidateCCNP(object); err != nil {
			return loaded{}, err
		}
		ccnp := &v2.CiliumClusterwideNetworkPolicy{}
		if err := json.Unmarshal(raw, ccnp); err != nil {
			return loaded{}, err
		}
		rules, err := ccnp.Parse(r.logger, r.clusterName)
		return fromRules(ipcachetypes.ResourceKindCCNP, "", name, rules), err
	}
	return loaded{}, errNoPolicy{object.GetKind()}
}

type errNoPolicy struct{ kind string }

func (e errNoPolicy) Error() string { return fmt.Sprintf("kind %q is no policy", e.kind) }

func fromRules(kind ipcachetypes.ResourceKind, namespace, name string, rules api.Rules) loaded {
	policy := loaded{resource: ipcachetypes.NewResourceID(kind, namespace, name)}
	for _, rule := range rules {
		for _, egress := range rule.Egress {
			policy.fqdns = append(policy.fqdns, egress.ToFQDNs...)
		}
	}
	policy.entries = utils.RulesToPolicyEntries(rules)
	return policy
}
