// Program cilium-crds prints Cilium's CustomResourceDefinitions as one JSON list, out of the files that Cilium's
// own package embeds and its operator registers.
//
// Build: go build -o cilium-crds .
// Run:   ./cilium-crds
package main

import (
	"embed"
	"encoding/json"
	"fmt"
	"io"
	"os"

	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client/crds/v2"
	"github.com/cilium/cilium/pkg/k8s/apis/cilium.io/client/crds/v2alpha1"
	"sigs.k8s.io/yaml"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "cilium-crds:", err)
		os.Exit(2)
	}
}

func run(out io.Writer) error {
	definitions := []json.RawMessage{}
	for _, folder := range []embed.FS{v2.EmbedFS, v2alpha1.EmbedFS} {
		files, err := folder.ReadDir(".")
		if err != nil {
			return err
		}
		for _, file := range files {
			written, err := folder.ReadFile(file.Name())
			if err != nil {
				return err
			}
			definition, err := yaml.YAMLToJSON(written)
			if err != nil {
				return fmt.Errorf("%s: %w", file.Name(), err)
			}
			definitions = append(definitions, definition)
		}
	}
	return json.NewEncoder(out).Encode(definitions)
}
