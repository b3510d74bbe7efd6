// Kinds of resources, as client-go knows them: a constraint that names a wrong kind never asks its rule.
package main

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// KnownKind says which kind the library takes a resource's requests to carry.
type KnownKind struct {
	Resource string `json:"resource"` // <group>/<resource>[/<subresource>]
	Group    string `json:"group"`
	Kind     string `json:"kind"`
}

// wrongKinds says where Kubernetes' own types disagree. The kind of a subresource must exist; that it is the one of
// this subresource, only a live API server shows.
func wrongKinds(known []KnownKind) []string {
	wrong := []string{}
	for _, one := range known {
		group, resource, _ := strings.Cut(one.Resource, "/")
		versions := scheme.Scheme.VersionsForGroupKind(schema.GroupKind{Group: one.Group, Kind: one.Kind})
		if len(versions) == 0 {
			wrong = append(wrong, fmt.Sprintf("%s: no kind %s in group %q", one.Resource, one.Kind, one.Group))
			continue
		}
		if strings.Contains(resource, "/") {
			continue
		}
		plural, _ := meta.UnsafeGuessKindToResource(versions[0].WithKind(one.Kind))
		if plural.Resource != resource || one.Group != group {
			wrong = append(wrong, fmt.Sprintf("%s: kind %s belongs to %s/%s", one.Resource, one.Kind, one.Group, plural.Resource))
		}
	}
	return wrong
}
