// plan_test.go: a small recorded schema with every shape in it, and what is planned, read and refused with it.
package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"math/big"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	pb "github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const recorded = `{
  "format_version": "1.0", "source": "registry.terraform.io/example/t", "version": "1.2.3",
  "provider": {"version": 0, "block": {"attributes": {"region": {"type": "string", "required": true}}}},
  "resource_schemas": {"t_r": {"version": 2, "block": {
    "attributes": {
      "id":     {"type": "string", "optional": true, "computed": true},
      "name":   {"type": "string", "required": true},
      "size":   {"type": "number", "optional": true},
      "arn":    {"type": "string", "computed": true},
      "rules":  {"type": ["list", ["object", {"port": "number"}]], "optional": true, "computed": true},
      "secret": {"type": "string", "optional": true, "write_only": true, "sensitive": true, "deprecated": true},
      "any":    {"type": "dynamic", "optional": true, "computed": true},
      "made":   {"nested_type": {"nesting_mode": "single", "attributes": {"at": {"type": "string", "computed": true}}}, "computed": true},
      "set":    {"nested_type": {"nesting_mode": "list", "attributes": {
        "key":  {"type": "string", "required": true},
        "type": {"type": "string", "optional": true, "computed": true},
        "pass": {"type": "string", "optional": true, "write_only": true}}}, "optional": true}},
    "block_types": {
      "net":  {"nesting_mode": "list", "min_items": 1, "max_items": 1, "block": {
        "attributes": {"subnet": {"type": "string", "required": true}, "vpc": {"type": "string", "computed": true}},
        "block_types": {"deep": {"nesting_mode": "set", "block": {"attributes": {"n": {"type": "number", "optional": true}, "id": {"type": "string", "computed": true}}}}}}},
      "one":  {"nesting_mode": "single", "block": {"attributes": {"id": {"type": "string", "computed": true}}}},
      "some": {"nesting_mode": "map", "block": {"attributes": {"id": {"type": "string", "computed": true}}}}}}}},
  "data_source_schemas": {"t_d": {"version": 0, "block": {
    "attributes": {
      "name":    {"type": "string", "optional": true},
      "id":      {"type": "string", "computed": true},
      "arn":     {"type": "string", "computed": true},
      "number":  {"type": "number", "computed": true},
      "flag":    {"type": "bool", "optional": true, "computed": true},
      "tags":    {"type": ["map", "string"], "computed": true},
      "ports":   {"type": ["set", "number"], "computed": true},
      "any":     {"type": "dynamic", "computed": true},
      "ca":      {"type": ["list", ["object", {"data": "string"}]], "computed": true},
      "nodes":   {"nested_type": {"nesting_mode": "list", "attributes": {"endpoint": {"type": "string", "computed": true}}}, "computed": true}},
    "block_types": {"metadata": {"nesting_mode": "list", "block": {"attributes": {
      "name": {"type": "string", "optional": true}, "id": {"type": "string", "computed": true}, "uid": {"type": "string", "computed": true}}}}}}}}
}`

// served is a server that was loaded from a folder, as in a mirror.
func served(t *testing.T, file string, content []byte) (*server, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
		t.Fatal(err)
	}
	return load(dir)
}

func zipped(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.Bytes()
}

func fixture(t *testing.T) *server {
	t.Helper()
	s, err := served(t, "schema.json.gz", zipped(recorded))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// value reads a value from JSON, in which the string "?" is unknown.
func value(t *testing.T, s *pb.Schema, text string) tftypes.Value {
	t.Helper()
	v, err := tftypes.ValueFromJSON([]byte(text), s.ValueType()) //nolint:staticcheck // as in schema.go
	if err == nil {
		v, err = tftypes.Transform(v, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
			if v.Equal(tftypes.NewValue(tftypes.String, "?")) {
				return tftypes.NewValue(tftypes.String, tftypes.UnknownValue), nil
			}
			return v, nil
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// show is the inverse of value; it leaves out null fields and empty blocks.
func show(v tftypes.Value) any {
	var fields map[string]tftypes.Value
	var list []tftypes.Value
	var text string
	var flag bool
	number := new(big.Float)
	switch {
	case !v.IsKnown():
		return "?"
	case v.IsNull():
		return nil
	case v.As(&fields) == nil:
		out := map[string]any{}
		for name, field := range fields {
			if shown := show(field); shown != nil && !reflect.DeepEqual(shown, []any{}) {
				out[name] = shown
			}
		}
		return out
	case v.As(&list) == nil:
		out := []any{}
		for _, element := range list {
			out = append(out, show(element))
		}
		return out
	case v.As(&text) == nil:
		return text
	case v.As(&flag) == nil:
		return flag
	}
	must(v.As(&number))
	out, _ := number.Float64()
	return out
}

func same(t *testing.T, got tftypes.Value, want string) {
	t.Helper()
	var wanted any
	if err := json.Unmarshal([]byte(want), &wanted); err != nil {
		t.Fatal(err)
	}
	if shown := show(got); !reflect.DeepEqual(shown, wanted) {
		text, _ := json.Marshal(shown)
		t.Errorf("got  %s\nwant %s", text, want)
	}
}

func wire(t *testing.T, s *pb.Schema, v tftypes.Value) *pb.DynamicValue {
	t.Helper()
	d, err := pb.NewDynamicValue(s.ValueType(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

func TestPlan(t *testing.T) {
	s := fixture(t)
	schema := s.resources["t_r"]
	const computed = `"id":"?","arn":"?","rules":"?","any":"?","made":"?"`
	for _, c := range []struct{ name, prior, proposed, want string }{
		{"create: only what is computed and unset becomes unknown", `null`, `{"name":"n"}`, `{"name":"n",` + computed + `}`},
		{"create: what is set stays, an unknown stays", `null`,
			`{"name":"?","size":2,"id":"i","arn":null,"rules":[{"port":null}],"any":{"type":["object",{"a":["tuple",["number","string"]]}],"value":{"a":[1,"b"]}}}`,
			`{"name":"?","size":2,"id":"i","arn":"?","rules":[{}],"any":{"a":[1,"b"]},"made":"?"}`},
		{"create: blocks of every mode", `null`,
			`{"name":"n","net":[{"subnet":"s","deep":[{"n":1},{"n":2}]}],"one":{},"some":{"k":{}}}`,
			`{"name":"n",` + computed + `,"net":[{"subnet":"s","vpc":"?","deep":[{"n":1,"id":"?"},{"n":2,"id":"?"}]}],"one":{"id":"?"},"some":{"k":{"id":"?"}}}`},
		{"create: nested attributes, write-only gone at each level", `null`,
			`{"name":"n","secret":"s","set":[{"key":"a","pass":"p"},{"key":"b","type":"t"}]}`,
			`{"name":"n",` + computed + `,"set":[{"key":"a","type":"?"},{"key":"b","type":"t"}]}`},
		{"no change: nothing becomes unknown", `{"name":"n","id":"i"}`, `{"name":"n","id":"i"}`, `{"name":"n","id":"i"}`},
		{"destroy", `{"name":"n","id":"i"}`, `null`, `null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := s.PlanResourceChange(context.Background(), &pb.PlanResourceChangeRequest{TypeName: "t_r",
				PriorState: wire(t, schema, value(t, schema, c.prior)), ProposedNewState: wire(t, schema, value(t, schema, c.proposed))})
			if err != nil {
				t.Fatal(err)
			}
			got, err := resp.PlannedState.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			same(t, got, c.want)
		})
	}
}

func TestUnknownBlocksStayUnknown(t *testing.T) {
	schema := fixture(t).resources["t_r"]
	fields := map[string]tftypes.Value{}
	must(value(t, schema, `{"name":"n"}`).As(&fields))
	fields["net"] = tftypes.NewValue(fields["net"].Type(), tftypes.UnknownValue)
	proposed := tftypes.NewValue(schema.ValueType(), fields)
	before := proposed.Copy()
	must(planned(schema, proposed, nil).As(&fields))
	if fields["net"].IsKnown() {
		t.Error("a dynamic block of unknown length was given one")
	}
	if !proposed.Equal(before) {
		t.Error("planning changed what was proposed")
	}
}

func TestComputedBlocksLeftOutAreUnknown(t *testing.T) {
	s := fixture(t)
	schema := s.resources["t_r"]
	computedBlocks["t_r"] = []string{"net"}
	t.Cleanup(func() { delete(computedBlocks, "t_r") })
	for _, c := range []struct {
		name, proposed string
		unknown        bool
	}{
		{"left out", `{"name":"n"}`, true},
		{"written", `{"name":"n","net":[{"subnet":"s"}]}`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := s.PlanResourceChange(context.Background(), &pb.PlanResourceChangeRequest{TypeName: "t_r",
				PriorState: wire(t, schema, value(t, schema, `null`)), ProposedNewState: wire(t, schema, value(t, schema, c.proposed))})
			if err != nil {
				t.Fatal(err)
			}
			state, err := resp.PlannedState.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			fields := map[string]tftypes.Value{}
			must(state.As(&fields))
			if fields["net"].IsKnown() == c.unknown {
				t.Errorf("got %v", show(fields["net"]))
			}
			if !resp.UnsafeToUseLegacyTypeSystem {
				t.Error("core would refuse an unknown block")
			}
		})
	}
}

func TestRead(t *testing.T) {
	s := fixture(t)
	schema := s.dataSources["t_d"]
	const fixed = `"arn":"arn:aws:iam::123456789012:role/placeholder","number":1,"tags":{},"ports":[1],"any":"placeholder",
		"ca":[{"data":"cGxhY2Vob2xkZXI="}],"nodes":[{"endpoint":"https://placeholder.example"}]`
	for _, c := range []struct{ name, config, want string }{
		{"placeholders", `{}`, `{"id":"placeholder","flag":false,` + fixed + `}`},
		{"the configured name is the id, what is set stays", `{"name":"n","flag":true}`, `{"name":"n","id":"n","flag":true,` + fixed + `}`},
		{"a block echoes its own name", `{"name":"n","metadata":[{"name":"m"},{}]}`,
			`{"name":"n","id":"n","flag":false,` + fixed + `,"metadata":[{"name":"m","id":"m","uid":"placeholder"},{"id":"placeholder","uid":"placeholder"}]}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := s.ReadDataSource(context.Background(), &pb.ReadDataSourceRequest{TypeName: "t_d", Config: wire(t, schema, value(t, schema, c.config))})
			if err != nil {
				t.Fatal(err)
			}
			got, err := resp.State.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			if !got.IsFullyKnown() {
				t.Error("core refuses unknowns from a data source")
			}
			same(t, got, c.want)
		})
	}
}

func TestFaults(t *testing.T) {
	s := fixture(t)
	schema := s.resources["t_r"]
	for _, c := range []struct {
		name, config string
		want         []string
	}{
		{"fine", `{"name":"?","id":"i","set":[{"key":"k"}],"net":[{"subnet":"s"}]}`, nil},
		{"required is null", `{"name":null}`, []string{"name"}},
		{"required is null, nested", `{"name":"n","set":[{"type":"t"}],"net":[{}]}`, []string{"set.key", "net.subnet"}},
		{"computed is set, unknown or not", `{"name":"n","arn":"?","made":{"at":"x"}}`, []string{"arn", "made"}},
		{"computed is set, nested", `{"name":"n","net":[{"subnet":"s","vpc":"v","deep":[{"id":"i"}]}]}`, []string{"net.vpc", "net.deep.id"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			resp, err := s.ValidateResourceConfig(context.Background(), &pb.ValidateResourceConfigRequest{TypeName: "t_r", Config: wire(t, schema, value(t, schema, c.config))})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, d := range resp.Diagnostics {
				got = append(got, strings.TrimPrefix(d.Detail, "Argument: "))
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	for name, f := range map[string]func() (int, error){
		"provider": func() (int, error) {
			r, err := s.ValidateProviderConfig(context.Background(), &pb.ValidateProviderConfigRequest{Config: wire(t, s.provider, value(t, s.provider, `{}`))})
			return len(r.Diagnostics), err
		},
		"data source": func() (int, error) {
			d := s.dataSources["t_d"]
			r, err := s.ValidateDataResourceConfig(context.Background(), &pb.ValidateDataResourceConfigRequest{TypeName: "t_d", Config: wire(t, d, value(t, d, `{"arn":"a"}`))})
			return len(r.Diagnostics), err
		},
	} {
		if n, err := f(); n != 1 || err != nil {
			t.Errorf("%s: %d faults, %v, want 1", name, n, err)
		}
	}
}

func TestBlocksOnlyTheProvidersCodeRequires(t *testing.T) {
	s := fixture(t)
	schema := s.resources["t_r"]
	for config, want := range map[string]string{
		`{"name":"n"}`:                        `At least 1 "net" blocks are required.`,
		`{"name":"n","net":[{"subnet":"s"}]}`: "",
	} {
		found, err := check(schema, wire(t, schema, value(t, schema, config)), "net")
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for _, d := range found {
			got += d.Detail
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", config, got, want)
		}
	}
}

func TestLoad(t *testing.T) {
	whole := zipped(recorded)
	for _, c := range []struct {
		name, file string
		content    []byte
		fails      string
	}{
		{"zipped", "schema.json.gz", whole, ""},
		{"plain", "schema.json", []byte(recorded), ""},
		{"missing", "other.json", []byte(recorded), "no such file"},
		{"cut off", "schema.json.gz", whole[:len(whole)-9], "unexpected EOF"},
		{"unknown nesting mode", "schema.json", []byte(strings.Replace(recorded, `"set", "block"`, `"heap", "block"`, 1)), `unknown nesting mode "heap"`},
		{"unknown type", "schema.json", []byte(strings.Replace(recorded, `"type": "number"`, `"type": "numeral"`, 1)), "recorded schema"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := served(t, c.file, c.content)
			if c.fails != "" {
				if err == nil || !strings.Contains(err.Error(), c.fails) {
					t.Fatalf("got %v, want %q", err, c.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			r := s.resources["t_r"]
			net := r.Block.BlockTypes[0]
			secret := pb.SchemaAttribute{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true, Sensitive: true, Deprecated: true}
			if got := *r.Block.Attributes[6]; !reflect.DeepEqual(got, secret) {
				t.Errorf("got %+v, want %+v", got, secret)
			}
			if s.source != "registry.terraform.io/example/t" || r.Version != 2 || net.TypeName != "net" || net.MinItems != 1 || net.MaxItems != 1 {
				t.Errorf("lost in conversion: %+v %+v", r, net)
			}
		})
	}
}

func TestLinkedBinaryReadsBesideTheLink(t *testing.T) {
	old, dir := os.Args[0], t.TempDir()
	t.Cleanup(func() { os.Args[0] = old })
	os.Args[0] = filepath.Join(dir, "terraform-provider-t_v1.2.3")
	self, err := os.Executable()
	must(err)
	must(os.Symlink(self, os.Args[0]))
	if got := ownFolder(); got != dir {
		t.Errorf("got %s, want %s", got, dir)
	}
}

func TestRefusals(t *testing.T) {
	s, ctx := fixture(t), context.Background()
	prior := &pb.DynamicValue{MsgPack: []byte{0xc0}}
	apply, _ := s.ApplyResourceChange(ctx, &pb.ApplyResourceChangeRequest{PriorState: prior})
	if apply.NewState != prior {
		t.Error("a refused apply changed the state")
	}
	imported, _ := s.ImportResourceState(ctx, nil)
	moved, _ := s.MoveResourceState(ctx, nil)
	opened, _ := s.OpenEphemeralResource(ctx, nil)
	called, _ := s.CallFunction(ctx, nil)
	for what, got := range map[string][]*pb.Diagnostic{"apply": apply.Diagnostics, "import": imported.Diagnostics,
		"move": moved.Diagnostics, "ephemeral resource": opened.Diagnostics, "function call": {{Summary: called.Error.Text}}} {
		if len(got) != 1 || got[0].Summary != "recorded schema only: "+what+" is not possible" {
			t.Errorf("%s: got %v", what, got)
		}
	}
}
