// Rendering: what Helm makes of a chart and its values, with no cluster behind it.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	"sigs.k8s.io/yaml"
)

// source says where a chart lies, which Go module it comes with, and who else judges its values.
type source struct {
	env    string
	module string
	judge  func(Case, *Result) error
}

var sources = map[string]source{
	"vcluster":  {env: "VCLUSTER_CHART", module: "github.com/loft-sh/vcluster", judge: judgeVcluster},
	"cilium":    {env: "CILIUM_CHART", module: "github.com/cilium/cilium", judge: judgeCilium},
	"manifests": {}, // always a chartPath
}

// load reads the chart of a case: the caller's own, or the one of the pinned module.
func load(c Case, from source) (*chart.Chart, error) {
	if c.ChartPath != "" {
		return loader.Load(c.ChartPath)
	}
	if from.env == "" {
		return nil, fmt.Errorf("chart %q needs a chartPath", c.Chart)
	}
	dir := os.Getenv(from.env)
	if dir == "" {
		return nil, fmt.Errorf("%s is not set", from.env)
	}
	version, err := pinned(from.module)
	if err != nil {
		return nil, err
	}
	loaded, err := loader.Load(dir)
	if err != nil {
		return nil, err
	}
	// The sources carry a placeholder that the release pipeline replaces; image tags follow from it.
	loaded.Metadata.Version, loaded.Metadata.AppVersion = version, version
	return loaded, nil
}

// pinned is the version of a module this program was built with, so it is written in go.mod only.
func pinned(module string) (string, error) {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "", errors.New("built without module information")
	}
	for _, dep := range info.Deps {
		if dep.Path == module {
			return strings.TrimPrefix(dep.Version, "v"), nil
		}
	}
	return "", fmt.Errorf("not built with %s", module)
}

// render takes the steps of `helm install` up to the point where it would need a cluster.
func render(c Case, from source, r *Result) error {
	loaded, err := load(c, from)
	if err != nil {
		return err
	}
	kube, err := chartutil.ParseKubeVersion(c.KubeVersion)
	if err != nil {
		return fmt.Errorf("kubeVersion %q: %w", c.KubeVersion, err)
	}
	caps := chartutil.DefaultCapabilities.Copy()
	caps.KubeVersion = *kube

	files, err := renderFiles(c, loaded, caps)
	if err != nil {
		r.refuse(err)
		return nil
	}
	objects, err := split(loaded, files)
	r.refuse(err)
	r.Objects = append(r.Objects, objects...)
	return nil
}

func renderFiles(c Case, loaded *chart.Chart, caps *chartutil.Capabilities) (map[string]string, error) {
	if err := chartutil.ValidateReleaseName(c.Release); err != nil {
		return nil, fmt.Errorf("release name %q: %w", c.Release, err)
	}
	wanted := loaded.Metadata.KubeVersion
	if wanted != "" && !chartutil.IsCompatibleRange(wanted, caps.KubeVersion.String()) {
		return nil, fmt.Errorf("chart requires Kubernetes %s, not %s", wanted, caps.KubeVersion.String())
	}
	values, err := chartutil.ReadValues(c.Values)
	if err != nil {
		return nil, err
	}
	if err := chartutil.ProcessDependenciesWithMerge(loaded, values); err != nil {
		return nil, err
	}
	release := chartutil.ReleaseOptions{Name: c.Release, Namespace: c.Namespace, Revision: 1, IsInstall: true}
	full, err := chartutil.ToRenderValues(loaded, values, release, caps) // checks the chart's JSON schema
	if err != nil {
		return nil, err
	}
	return engine.Render(loaded, full)
}

// split turns rendered files into objects in Helm's order of installation: CRDs, objects, hooks.
func split(loaded *chart.Chart, files map[string]string) ([]json.RawMessage, error) {
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") { // text for people
			delete(files, name)
		}
	}
	hooks, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	if err != nil {
		return nil, err
	}
	var documents []string
	for _, crd := range loaded.CRDObjects() {
		for _, document := range releaseutil.SplitManifests(string(crd.File.Data)) {
			documents = append(documents, document)
		}
	}
	for _, manifest := range manifests {
		documents = append(documents, manifest.Content)
	}
	for _, hook := range hooks {
		documents = append(documents, hook.Manifest)
	}

	var objects []json.RawMessage
	for _, document := range documents {
		object, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, err
		}
		if string(object) != "null" { // only comments
			objects = append(objects, object)
		}
	}
	return objects, nil
}
