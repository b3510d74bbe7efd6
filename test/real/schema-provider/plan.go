// plan.go: what a provider decides by itself: which values a plan leaves unknown, what a data source answers, what is refused.
package main

import (
	"maps"
	"slices"

	pb "github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

const (
	guid    = "00000000-0000-0000-0000-000000000000"
	encoded = "cGxhY2Vob2xkZXI=" // base64 of "placeholder"
	url     = "https://placeholder.example"
)

// special are the string attributes of data sources whose placeholder must survive an expression such as base64decode or cidrsubnet.
var special = map[string]string{
	"account_id":             "123456789012",
	"arn":                    "arn:aws:iam::123456789012:role/placeholder",
	"cidr_block":             "10.0.0.0/16",
	"client_certificate":     encoded,
	"client_key":             encoded,
	"cluster_ca_certificate": encoded,
	"data":                   encoded,
	"data_json":              "{}",
	"endpoint":               url,
	"host":                   url,
	"issuer":                 url,
	"json":                   "{}",
	"partition":              "aws",
	"policy_data":            "{}",
	"subscription_id":        guid,
	"tenant_id":              guid,
	"url":                    url,
}

// computedBlocks are the blocks a provider fills in when the configuration leaves them out (Optional and Computed in
// its code, which the recorded schema does not show): a plan has them unknown, so that a reference into one holds.
var computedBlocks = map[string][]string{
	"azurerm_kubernetes_cluster": {"kubelet_identity", "network_profile"},
	"google_container_cluster":   {"ip_allocation_policy", "master_auth", "private_cluster_config", "workload_identity_config"},
}

// requiredByProvider are the blocks of a provider's own configuration that its code, not its schema, asks for.
var requiredByProvider = map[string][]string{
	"azurerm": {"features"}, // "features - (Required)", registry.terraform.io/providers/hashicorp/azurerm/4.55.0/docs
}

// echoed are the string attributes answered by the configured name, if there is one.
var echoed = map[string]bool{"id": true, "name": true}

// answer gives a computed attribute its value; configured is the name set beside it, or "".
type answer func(name string, t tftypes.Type, configured string) tftypes.Value

// planned is the proposed state with every computed null, and every computed block left out, "known after apply", and
// every write-only argument gone.
func planned(s *pb.Schema, proposed tftypes.Value, computed []string) tftypes.Value {
	filled := fillBlock(s.Block, proposed, func(_ string, t tftypes.Type, _ string) tftypes.Value {
		return tftypes.NewValue(t, tftypes.UnknownValue)
	})
	return each(filled, func(fields map[string]tftypes.Value) {
		for _, name := range computed {
			if block := fields[name]; empty(block) {
				fields[name] = tftypes.NewValue(block.Type(), tftypes.UnknownValue)
			}
		}
	})
}

// empty: a list or set of blocks that has none.
func empty(v tftypes.Value) bool {
	var blocks []tftypes.Value
	return v.IsKnown() && v.As(&blocks) == nil && len(blocks) == 0
}

// read is the configuration with every computed null answered by a placeholder: core takes no unknown from a data source.
func read(s *pb.Schema, config tftypes.Value) tftypes.Value {
	return fillBlock(s.Block, config, placeholder)
}

func placeholder(name string, t tftypes.Type, configured string) tftypes.Value {
	one := func(t tftypes.Type) []tftypes.Value { return []tftypes.Value{placeholder(name, t, configured)} }
	switch t := t.(type) {
	case tftypes.List:
		return tftypes.NewValue(t, one(t.ElementType))
	case tftypes.Set:
		return tftypes.NewValue(t, one(t.ElementType))
	case tftypes.Map:
		return tftypes.NewValue(t, map[string]tftypes.Value{})
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		for field, ft := range t.AttributeTypes {
			fields[field] = placeholder(field, ft, configured)
		}
		return tftypes.NewValue(t, fields)
	}
	switch {
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 1)
	case t.Is(tftypes.Bool):
		return tftypes.NewValue(t, false)
	case echoed[name] && configured != "":
		return tftypes.NewValue(tftypes.String, configured)
	case special[name] != "":
		return tftypes.NewValue(tftypes.String, special[name])
	}
	return tftypes.NewValue(tftypes.String, "placeholder") // strings, and attributes of any type
}

func fillBlock(b *pb.SchemaBlock, v tftypes.Value, f answer) tftypes.Value {
	return each(v, func(fields map[string]tftypes.Value) {
		fillAttributes(b.Attributes, fields, f)
		for _, n := range b.BlockTypes {
			fields[n.TypeName] = fillBlock(n.Block, fields[n.TypeName], f)
		}
	})
}

func fillAttributes(attributes []*pb.SchemaAttribute, fields map[string]tftypes.Value, f answer) {
	var configured string
	if name, ok := fields["name"]; ok && name.IsKnown() && !name.IsNull() && name.Type().Is(tftypes.String) {
		must(name.As(&configured))
	}
	for _, a := range attributes {
		v := fields[a.Name]
		switch {
		case a.WriteOnly:
			v = tftypes.NewValue(a.ValueType(), nil)
		case v.IsNull() && a.Computed:
			v = f(a.Name, a.ValueType(), configured)
		case a.NestedType != nil:
			v = each(v, func(fields map[string]tftypes.Value) { fillAttributes(a.NestedType.Attributes, fields, f) })
		}
		fields[a.Name] = v
	}
}

// faults are what core leaves to the provider to refuse: a required argument set to null, and a value for what only the provider sets.
func faults(attributes []*pb.SchemaAttribute, blocks []*pb.SchemaNestedBlock, v tftypes.Value, at string) (found []*pb.Diagnostic) {
	fault := func(summary, name string) {
		found = append(found, &pb.Diagnostic{Severity: pb.DiagnosticSeverityError, Summary: summary, Detail: "Argument: " + at + name})
	}
	each(v, func(fields map[string]tftypes.Value) {
		for _, a := range attributes {
			null := fields[a.Name].IsNull()
			switch {
			case a.Required && null:
				fault("Missing required argument", a.Name)
			case a.Computed && !a.Optional && !null:
				fault("Value for a computed attribute", a.Name)
			case a.NestedType != nil:
				found = append(found, faults(a.NestedType.Attributes, nil, fields[a.Name], at+a.Name+".")...)
			}
		}
		for _, n := range blocks {
			found = append(found, faults(n.Block.Attributes, n.Block.BlockTypes, fields[n.TypeName], at+n.TypeName+".")...)
		}
	})
	return found
}

// missing are the blocks of a configuration that must be there and are not.
func missing(required []string, v tftypes.Value) (found []*pb.Diagnostic) {
	each(v, func(fields map[string]tftypes.Value) {
		for _, name := range required {
			if empty(fields[name]) {
				found = append(found, &pb.Diagnostic{Severity: pb.DiagnosticSeverityError, Summary: "Insufficient " + name + " blocks",
					Detail: "At least 1 \"" + name + "\" blocks are required."})
			}
		}
	})
	return found
}

// each lets f change the fields of v, or of each of its elements, in a copy (As gives v's own map); what is null or unknown has none.
func each(v tftypes.Value, f func(map[string]tftypes.Value)) tftypes.Value {
	if v.IsNull() || !v.IsKnown() {
		return v
	}
	switch t := v.Type().(type) {
	case tftypes.List, tftypes.Set:
		var elements []tftypes.Value
		must(v.As(&elements))
		elements = slices.Clone(elements)
		for i := range elements {
			elements[i] = each(elements[i], f)
		}
		return tftypes.NewValue(t, elements)
	case tftypes.Map:
		var elements map[string]tftypes.Value
		must(v.As(&elements))
		elements = maps.Clone(elements)
		for key := range elements {
			elements[key] = each(elements[key], f)
		}
		return tftypes.NewValue(t, elements)
	default:
		var fields map[string]tftypes.Value
		must(v.As(&fields))
		fields = maps.Clone(fields)
		f(fields)
		return tftypes.NewValue(t, fields)
	}
}

// must: the value was decoded by this very schema, so another shape is a bug here.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
