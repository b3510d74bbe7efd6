// vCluster: its own strict parser, its own licence check and its own start-up validation.
package main

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/loft-sh/vcluster/config"
	pkgconfig "github.com/loft-sh/vcluster/pkg/config"
	"github.com/loft-sh/vcluster/pkg/coredns"
	"helm.sh/helm/v3/pkg/chartutil"
)

func judgeVcluster(c Case, r *Result) error {
	// Alone first: a key that vCluster does not know is then named without the defaults around it.
	if err := new(config.Config).UnmarshalYAMLStrict(c.Values); err != nil {
		r.refuse(err)
		return nil
	}
	full, err := overDefaults(c.Values)
	if err != nil {
		r.refuse(err)
		return nil
	}

	r.Licence = full.IsProFeatureEnabled()
	if r.Licence {
		if r.LicensedKeys, err = licensedKeys(c.Values); err != nil {
			return err
		}
	}

	// What the control plane checks when it starts, and the one check only vCluster's CLI makes.
	proxied := full.Experimental.Proxy.CustomResources
	started := &pkgconfig.VirtualClusterConfig{Config: *full, Name: c.Release, HostNamespace: c.Namespace}
	refused := pkgconfig.ValidateConfigAndSetDefaults(started)
	r.refuse(refused)
	r.refuse(pkgconfig.ValidateExperimentalProxyCustomResourcesConfig(proxied))
	if refused != nil {
		return nil
	}
	// As the syncer writes it into the tenant's CoreDNS; the name stands for the host's first name server.
	r.Corefile, err = coredns.ProcessCorefile(map[string]any{coredns.VarHostDNS: "host-dns.invalid"}, full)
	if err != nil {
		return err
	}
	return judgeClaims(started, c.Claims, r)
}

// overDefaults lays values over vCluster's defaults as Helm does: a null removes a default.
func overDefaults(raw []byte) (*config.Config, error) {
	values, err := chartutil.ReadValues(raw)
	if err != nil {
		return nil, err
	}
	defaults, err := config.NewDefaultConfig()
	if err != nil {
		return nil, err
	}
	written, err := json.Marshal(defaults)
	if err != nil {
		return nil, err
	}
	base, err := chartutil.ReadValues(written)
	if err != nil {
		return nil, err
	}
	merged, err := json.Marshal(chartutil.CoalesceTables(values, base))
	if err != nil {
		return nil, err
	}
	full := new(config.Config)
	return full, full.UnmarshalYAMLStrict(merged)
}

// licensedKeys finds the values that each need a licence on their own. vCluster only says yes or no
// to a whole config, so it is asked once per value.
func licensedKeys(raw []byte) ([]string, error) {
	values, err := chartutil.ReadValues(raw)
	if err != nil {
		return nil, err
	}
	keys := []string{}
	for path, alone := range leaves(values) {
		document, err := json.Marshal(alone)
		if err != nil {
			return nil, err
		}
		full, err := overDefaults(document)
		if err != nil {
			return nil, fmt.Errorf("%s alone: %w", path, err)
		}
		if full.IsProFeatureEnabled() {
			keys = append(keys, path)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// leaves maps the dotted path of every value to a document that holds nothing but this value.
func leaves(values map[string]any) map[string]map[string]any {
	found := map[string]map[string]any{}
	for key, value := range values {
		table, ok := value.(map[string]any)
		if !ok || len(table) == 0 { // an empty table can be a switch, too: `sleep: {}`
			found[key] = map[string]any{key: value}
			continue
		}
		for path, alone := range leaves(table) {
			found[key+"."+path] = map[string]any{key: alone}
		}
	}
	return found
}
