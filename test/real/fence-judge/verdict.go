// A verdict: both sides looked up in the policy that the engine computes for each.
package main

import (
	"fmt"
	"math"

	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// ask judges one connection. Nodes and addresses have no policy of their own: the host firewall is off.
func (e *engine) ask(q Query) (Verdict, error) {
	from, ok := e.ends[q.From]
	if !ok {
		return Verdict{}, fmt.Errorf("no end %q", q.From)
	}
	to, ok := e.ends[q.To]
	if !ok {
		return Verdict{}, fmt.Errorf("no end %q", q.To)
	}
	protocol, err := u8proto.ParseProtocol(q.Protocol)
	if err != nil {
		return Verdict{}, err
	}
	verdict := Verdict{Egress: true, Ingress: true}
	if e.isPod[q.From] {
		one, err := e.policyOf(from)
		if err != nil {
			return verdict, err
		}
		entry, _, _ := one.Lookup(policy.EgressKey().WithIdentity(to.ID).WithPortProto(protocol, q.Port))
		verdict.Egress = !entry.IsDeny()
		verdict.Proxied = verdict.Egress && entry.ProxyPort != 0
	}
	if e.isPod[q.To] {
		one, err := e.policyOf(to)
		if err != nil {
			return verdict, err
		}
		entry, _, _ := one.Lookup(policy.IngressKey().WithIdentity(from.ID).WithPortProto(protocol, q.Port))
		verdict.Ingress = !entry.IsDeny()
	}
	verdict.Allowed = verdict.Egress && verdict.Ingress
	return verdict, nil
}

// policyOf computes an identity's policy once.
func (e *engine) policyOf(id *identity.Identity) (*policy.EndpointPolicy, error) {
	if one, ok := e.policies[id.ID]; ok {
		return one, nil
	}
	selected, _, err := e.repo.ComputeSelectorPolicy(id)
	if err != nil {
		return nil, err
	}
	one := selected.DistillPolicy(e.logger, owner{id: uint64(id.ID)}, map[string]uint16{
		policy.FallbackRedirectID: math.MaxUint16,
	})
	one.Ready()
	e.policies[id.ID] = one
	return one, nil
}

// owner is the endpoint of a policy: a pod without named ports.
type owner struct{ id uint64 }

func (o owner) GetID() uint64                                       { return o.id }
func (o owner) GetIngressNamedPort(string, u8proto.U8proto) uint16  { return 0 }
func (o owner) PolicyDebug(string, ...any)                          {}
func (o owner) IsHost() bool                                        { return false }
func (o owner) PreviousMapStateSizes() (sizes policy.MapStateSizes) { return sizes }
func (o owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

type noNamedPorts struct{}

func (noNamedPorts) GetNamedPorts() types.NamedPortMultiMap { return types.NewNamedPortMultiMap() }
