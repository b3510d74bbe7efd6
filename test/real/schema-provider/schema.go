// schema.go: reads a recorded provider schema (as `terraform providers schema -json` prints it) into protocol 6 schemas.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	pb "github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type recording struct {
	Source      string               `json:"source"`
	Provider    recSchema            `json:"provider"`
	Resources   map[string]recSchema `json:"resource_schemas"`
	DataSources map[string]recSchema `json:"data_source_schemas"`
}

type recSchema struct {
	Version int64    `json:"version"`
	Block   recBlock `json:"block"`
}

type recBlock struct {
	Attributes map[string]recAttribute   `json:"attributes"`
	BlockTypes map[string]recNestedBlock `json:"block_types"`
	Deprecated bool                      `json:"deprecated"`
}

type recNestedBlock struct {
	Mode  mode     `json:"nesting_mode"`
	Block recBlock `json:"block"`
	Min   int64    `json:"min_items"`
	Max   int64    `json:"max_items"`
}

type recAttribute struct {
	Type       recType    `json:"type"`
	NestedType *recObject `json:"nested_type"`
	Required   bool       `json:"required"`
	Optional   bool       `json:"optional"`
	Computed   bool       `json:"computed"`
	Sensitive  bool       `json:"sensitive"`
	WriteOnly  bool       `json:"write_only"`
	Deprecated bool       `json:"deprecated"`
}

type recObject struct {
	Mode       mode                    `json:"nesting_mode"`
	Attributes map[string]recAttribute `json:"attributes"`
}

type recType struct{ tftypes.Type }

func (t *recType) UnmarshalJSON(data []byte) (err error) {
	t.Type, err = tftypes.ParseJSONType(data) //nolint:staticcheck // the library's only reader of this format
	return err
}

// mode is one nesting mode in both of the protocol's numberings.
type mode struct {
	block  pb.SchemaNestedBlockNestingMode
	object pb.SchemaObjectNestingMode
}

var modes = map[string]mode{
	"single": {pb.SchemaNestedBlockNestingModeSingle, pb.SchemaObjectNestingModeSingle},
	"list":   {pb.SchemaNestedBlockNestingModeList, pb.SchemaObjectNestingModeList},
	"set":    {pb.SchemaNestedBlockNestingModeSet, pb.SchemaObjectNestingModeSet},
	"map":    {pb.SchemaNestedBlockNestingModeMap, pb.SchemaObjectNestingModeMap},
	"group":  {pb.SchemaNestedBlockNestingModeGroup, pb.SchemaObjectNestingModeInvalid},
}

func (m *mode) UnmarshalText(text []byte) error {
	var ok bool
	if *m, ok = modes[string(text)]; !ok {
		return fmt.Errorf("unknown nesting mode %q", text)
	}
	return nil
}

// load reads schema.json.gz, or else schema.json, from a folder.
func load(dir string) (*server, error) {
	var r io.Reader
	data, err := os.ReadFile(filepath.Join(dir, "schema.json.gz"))
	if err == nil {
		r, err = gzip.NewReader(bytes.NewReader(data))
	} else if errors.Is(err, fs.ErrNotExist) {
		data, err = os.ReadFile(filepath.Join(dir, "schema.json"))
		r = bytes.NewReader(data)
	}
	if err != nil {
		return nil, err
	}
	if data, err = io.ReadAll(r); err != nil { // to the end, so that gzip checks its sum
		return nil, err
	}
	var rec recording
	if err := json.Unmarshal(data, &rec); err != nil {
		return nil, fmt.Errorf("recorded schema: %w", err)
	}
	return &server{source: rec.Source, provider: rec.Provider.protocol(),
		resources: protocolAll(rec.Resources), dataSources: protocolAll(rec.DataSources)}, nil
}

func protocolAll(recorded map[string]recSchema) map[string]*pb.Schema {
	out := make(map[string]*pb.Schema, len(recorded))
	for name, s := range recorded {
		out[name] = s.protocol()
	}
	return out
}

func (s recSchema) protocol() *pb.Schema {
	return &pb.Schema{Version: s.Version, Block: s.Block.protocol()}
}

func (b recBlock) protocol() *pb.SchemaBlock {
	out := &pb.SchemaBlock{Deprecated: b.Deprecated, Attributes: attributes(b.Attributes)}
	for _, name := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		n := b.BlockTypes[name]
		out.BlockTypes = append(out.BlockTypes, &pb.SchemaNestedBlock{TypeName: name, Block: n.Block.protocol(),
			Nesting: n.Mode.block, MinItems: n.Min, MaxItems: n.Max})
	}
	return out
}

func attributes(recorded map[string]recAttribute) (out []*pb.SchemaAttribute) {
	for _, name := range slices.Sorted(maps.Keys(recorded)) {
		a := recorded[name]
		p := &pb.SchemaAttribute{Name: name, Type: a.Type.Type, Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Sensitive: a.Sensitive, WriteOnly: a.WriteOnly, Deprecated: a.Deprecated}
		if a.NestedType != nil {
			p.NestedType = &pb.SchemaObject{Nesting: a.NestedType.Mode.object, Attributes: attributes(a.NestedType.Attributes)}
		}
		out = append(out, p)
	}
	return out
}
