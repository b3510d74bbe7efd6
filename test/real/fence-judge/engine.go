// The engine: repository, selector cache and IP cache, wired as the agent wires them.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/ipcache"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	slim_corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	slim_metav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/source"
	testidentity "github.com/cilium/cilium/pkg/testutils/identity"
)

// engine judges flows between the ends it knows by id.
type engine struct {
	logger    *slog.Logger
	repo      *policy.Repository
	allocator *testidentity.MockIdentityAllocator
	cache     *ipcache.IPCache
	ends      map[string]*identity.Identity
	isPod     map[string]bool
	policies  map[identity.NumericIdentity]*policy.EndpointPolicy
}

// judge loads a case and answers its queries.
func judge(logger *slog.Logger, r *reader, c Case) (Output, error) {
	out := Output{Refused: []Refusal{}, Verdicts: []Verdict{}}
	if err := setGlobals(logger, c); err != nil {
		return out, err
	}
	e := newEngine(logger)
	defer e.cache.Shutdown()

	policies, err := readPolicies(r, c, &out)
	if err != nil {
		return out, err
	}
	if err := e.addPods(c); err != nil {
		return out, err
	}
	if err := e.addPlaces(c, policies); err != nil {
		return out, err
	}
	for _, one := range policies {
		e.repo.ReplaceByResource(one.entries, one.resource)
	}
	for _, query := range c.Queries {
		verdict, err := e.ask(query)
		if err != nil {
			return out, err
		}
		out.Verdicts = append(out.Verdicts, verdict)
	}
	out.Identities = len(e.allocator.IdentityMap)
	for _, one := range e.policies {
		out.Entries = max(out.Entries, one.Len())
	}
	return out, nil
}

// setGlobals says what the chart would say to the agent.
func setGlobals(logger *slog.Logger, c Case) error {
	option.Config.ClusterName = c.ClusterName
	option.Config.EnableIPv4 = true
	option.Config.EnableIPv6 = c.IPv6
	option.Config.EnableHostFirewall = false
	option.Config.PolicyCIDRMatchMode = nil
	option.Config.UnsafeDaemonConfigOption.AllowLocalhost = option.AllowLocalhostAlways
	policy.SetPolicyEnabled(option.DefaultEnforcement)
	api.InitEntities(c.ClusterName)
	return labelsfilter.ParseLabelPrefixCfg(logger, c.IdentityLabels, nil, "")
}

func newEngine(logger *slog.Logger) *engine {
	repo := policy.NewPolicyRepository(
		logger,
		identity.ListReservedIdentities(),
		nil,
		envoypolicy.NewEnvoyL7RulesTranslator(logger, nil),
		identitymanager.NewIDManager(logger),
		nil,
	)
	repo.SetNamedPortsGetter(noNamedPorts{})
	allocator := testidentity.NewMockIdentityAllocator(nil)
	return &engine{
		logger:    logger,
		repo:      repo,
		allocator: allocator,
		cache: ipcache.NewIPCache(&ipcache.Configuration{
			Context:           context.Background(),
			Logger:            logger,
			IdentityAllocator: allocator,
			IdentityUpdater:   selectorUpdater{repo},
		}),
		ends:     map[string]*identity.Identity{},
		isPod:    map[string]bool{},
		policies: map[identity.NumericIdentity]*policy.EndpointPolicy{},
	}
}

func readPolicies(r *reader, c Case, out *Output) ([]loaded, error) {
	var policies []loaded
	for _, raw := range c.Policies {
		one, name, err := r.read(raw)
		var none errNoPolicy
		switch {
		case errors.As(err, &none):
			return nil, fmt.Errorf("%s: %w", name, err)
		case err != nil:
			out.Refused = append(out.Refused, Refusal{Policy: name, Error: err.Error()})
		default:
			policies = append(policies, one)
		}
	}
	return policies, nil
}

// addPods gives each pod the identity that the agent would.
func (e *engine) addPods(c Case) error {
	namespaces := map[string]Namespace{}
	for _, one := range c.Namespaces {
		namespaces[one.Name] = one
	}
	known := identity.IdentityMap{}
	for _, pod := range c.Pods {
		if _, ok := namespaces[pod.Namespace]; !ok {
			return fmt.Errorf("pod %q is in namespace %q, which the case lacks", pod.ID, pod.Namespace)
		}
		namespace := &slim_corev1.Namespace{ObjectMeta: slim_metav1.ObjectMeta{
			Name: pod.Namespace, Labels: namespaces[pod.Namespace].Labels,
		}}
		_, lbls := k8s.GetPodMetadata(e.logger, namespace, &slim_corev1.Pod{
			ObjectMeta: slim_metav1.ObjectMeta{Name: pod.ID, Namespace: pod.Namespace, Labels: pod.Labels},
			Spec:       slim_corev1.PodSpec{ServiceAccountName: pod.ServiceAccount},
		})
		counted, _ := labelsfilter.Filter(labels.Map2Labels(lbls, labels.LabelSourceK8s))
		id, _, err := e.allocator.AllocateIdentity(context.Background(), counted, false, 0)
		if err != nil {
			return err
		}
		if err := e.add(pod.ID, id); err != nil {
			return err
		}
		e.isPod[pod.ID] = true
		known[id.ID] = id.LabelArray
	}
	wg := &sync.WaitGroup{}
	e.repo.GetSelectorCache().UpdateIdentities(known, nil, wg)
	wg.Wait()
	e.repo.UpdateIdentities(known, nil) // as subjects of policies, too
	return nil
}

// addPlaces gives nodes and addresses their identities: by entity, by the ranges that policies name, and by DNS names.
func (e *engine) addPlaces(c Case, policies []loaded) error {
	var updates []ipcache.MU
	for _, one := range policies {
		for _, prefix := range policy.GetCIDRPrefixes(one.entries) {
			updates = append(updates, ipcache.MU{
				Prefix:   cmtypes.NewLocalPrefixCluster(prefix),
				Source:   source.CustomResource,
				Resource: one.resource,
				Metadata: []ipcache.IPMetadata{labels.GetCIDRLabels(prefix)},
				IsCIDR:   true,
			})
		}
	}
	place := func(id, ip string, lbls labels.Labels) error {
		address, err := netip.ParseAddr(ip)
		if err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		if len(lbls) > 0 {
			updates = append(updates, ipcache.MU{
				Prefix:   cmtypes.NewLocalPrefixCluster(netip.PrefixFrom(address, address.BitLen())),
				Source:   source.KubeAPIServer,
				Resource: ipcachetypes.NewResourceID(ipcachetypes.ResourceKindDaemon, "", id),
				Metadata: []ipcache.IPMetadata{lbls},
			})
		}
		return nil
	}
	for _, node := range c.Nodes {
		lbls := labels.NewFrom(labels.LabelRemoteNode)
		if node.Local {
			lbls = labels.NewFrom(labels.LabelHost)
		}
		if node.APIServer {
			lbls.MergeLabels(labels.LabelKubeAPIServer)
		}
		if err := place(node.ID, node.IP, lbls); err != nil {
			return err
		}
	}
	for _, address := range c.Addresses {
		lbls, err := namesOf(address, policies)
		if err != nil {
			return err
		}
		if address.APIServer {
			lbls.MergeLabels(labels.LabelKubeAPIServer)
		}
		if err := place(address.ID, address.IP, lbls); err != nil {
			return err
		}
	}
	if len(updates) > 0 {
		revision := e.cache.UpsertMetadataBatch(updates...)
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		if err := e.cache.WaitForRevision(ctx, revision); err != nil {
			return err
		}
	}
	for _, node := range c.Nodes {
		if err := e.addByIP(node.ID, node.IP); err != nil {
			return err
		}
	}
	for _, address := range c.Addresses {
		if err := e.addByIP(address.ID, address.IP); err != nil {
			return err
		}
	}
	return nil
}

// namesOf are the labels that the DNS proxy gives an address once a pod has asked for one of its names.
func namesOf(address Address, policies []loaded) (labels.Labels, error) {
	lbls := labels.Labels{}
	for _, one := range policies {
		for _, selector := range one.fqdns {
			matches, err := selector.ToRegex()
			if err != nil {
				return nil, err
			}
			for _, name := range address.Names {
				if matches.MatchString(dns.FQDN(name)) {
					label := selector.IdentityLabel()
					lbls[label.Key] = label
				}
			}
		}
	}
	return lbls, nil
}

func (e *engine) addByIP(id, ip string) error {
	address, err := netip.ParseAddr(ip)
	if err != nil {
		return err
	}
	number := identity.GetWorldIdentityFromIP(address)
	if found, ok := e.cache.LookupSecIDByIP(address); ok {
		number = found.ID
	}
	if reserved := identity.LookupReservedIdentity(number); reserved != nil {
		return e.add(id, reserved)
	}
	lbls, ok := e.allocator.IdentityMap[number]
	if !ok {
		return fmt.Errorf("%s: identity %d is not known", id, number)
	}
	return e.add(id, identity.NewIdentityFromLabelArray(number, lbls))
}

func (e *engine) add(id string, end *identity.Identity) error {
	if _, ok := e.ends[id]; ok {
		return fmt.Errorf("%q stands twice in the case", id)
	}
	e.ends[id] = end
	return nil
}

// selectorUpdater hands identities of the IP cache to the selector cache, at once.
type selectorUpdater struct{ repo *policy.Repository }

func (u selectorUpdater) UpdateIdentities(added, deleted identity.IdentityMap) <-chan struct{} {
	wg := &sync.WaitGroup{}
	u.repo.GetSelectorCache().UpdateIdentities(added, deleted, wg)
	wg.Wait()
	done := make(chan struct{})
	close(done)
	return done
}
