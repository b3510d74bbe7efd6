// main.go: a Terraform provider that serves the schema recorded beside its executable, so init, validate and plan work offline.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	pb "github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func main() {
	s, err := load(ownFolder())
	if err != nil { // still serve: only a diagnostic reaches the user, a plugin's stderr does not
		s = &server{broken: []*pb.Diagnostic{{Severity: pb.DiagnosticSeverityError, Summary: "no usable recorded schema", Detail: err.Error()}}}
	}
	// The address only names log lines; the registry is the one Terraform or OpenTofu found the folder under.
	if err := tf6server.Serve(s.source, func() pb.ProviderServer { return s }); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ownFolder is where the path we were started by lies. Not os.Executable: that follows a linked binary
// out of its mirror folder, away from its schema.
func ownFolder() string {
	program, err := exec.LookPath(os.Args[0])
	if err != nil {
		program, _ = os.Executable()
	}
	return filepath.Dir(program)
}

// server answers from the recorded schemas; it keeps no state and reaches no network.
type server struct {
	source      string
	provider    *pb.Schema
	resources   map[string]*pb.Schema
	dataSources map[string]*pb.Schema
	broken      []*pb.Diagnostic
}

// Core need not load the whole schema again for every run of the process: each run reads its own.
var capabilities = &pb.ServerCapabilities{GetProviderSchemaOptional: true}

func (s *server) GetMetadata(context.Context, *pb.GetMetadataRequest) (*pb.GetMetadataResponse, error) {
	resp := &pb.GetMetadataResponse{ServerCapabilities: capabilities, Diagnostics: s.broken}
	for name := range s.resources {
		resp.Resources = append(resp.Resources, pb.ResourceMetadata{TypeName: name})
	}
	for name := range s.dataSources {
		resp.DataSources = append(resp.DataSources, pb.DataSourceMetadata{TypeName: name})
	}
	return resp, nil
}

func (s *server) GetProviderSchema(context.Context, *pb.GetProviderSchemaRequest) (*pb.GetProviderSchemaResponse, error) {
	return &pb.GetProviderSchemaResponse{ServerCapabilities: capabilities, Provider: s.provider,
		ResourceSchemas: s.resources, DataSourceSchemas: s.dataSources, Diagnostics: s.broken}, nil
}

// check adds to what core checks against the schema by itself: names, types, missing arguments, block counts, references.
// Of the blocks named in required there must be one, whatever the schema says.
func check(schema *pb.Schema, config *pb.DynamicValue, required ...string) ([]*pb.Diagnostic, error) {
	v, err := config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	return append(faults(schema.Block.Attributes, schema.Block.BlockTypes, v, ""), missing(required, v)...), nil
}

func (s *server) ValidateProviderConfig(_ context.Context, req *pb.ValidateProviderConfigRequest) (*pb.ValidateProviderConfigResponse, error) {
	found, err := check(s.provider, req.Config, requiredByProvider[path.Base(s.source)]...)
	return &pb.ValidateProviderConfigResponse{PreparedConfig: req.Config, Diagnostics: found}, err
}

func (s *server) ValidateResourceConfig(_ context.Context, req *pb.ValidateResourceConfigRequest) (*pb.ValidateResourceConfigResponse, error) {
	found, err := check(s.resources[req.TypeName], req.Config)
	return &pb.ValidateResourceConfigResponse{Diagnostics: found}, err
}

func (s *server) ValidateDataResourceConfig(_ context.Context, req *pb.ValidateDataResourceConfigRequest) (*pb.ValidateDataResourceConfigResponse, error) {
	found, err := check(s.dataSources[req.TypeName], req.Config)
	return &pb.ValidateDataResourceConfigResponse{Diagnostics: found}, err
}

func (s *server) ConfigureProvider(context.Context, *pb.ConfigureProviderRequest) (*pb.ConfigureProviderResponse, error) {
	return &pb.ConfigureProviderResponse{}, nil
}

func (s *server) StopProvider(context.Context, *pb.StopProviderRequest) (*pb.StopProviderResponse, error) {
	return &pb.StopProviderResponse{}, nil
}

func (s *server) PlanResourceChange(_ context.Context, req *pb.PlanResourceChangeRequest) (*pb.PlanResourceChangeResponse, error) {
	schema := s.resources[req.TypeName]
	state, err := rewrite(schema, req.ProposedNewState, func(proposed tftypes.Value) (tftypes.Value, error) {
		prior, err := req.PriorState.Unmarshal(schema.ValueType())
		if err != nil || proposed.Equal(prior) { // nothing changes, so nothing becomes unknown
			return proposed, err
		}
		return planned(schema, proposed, computedBlocks[req.TypeName]), nil
	})
	// Core takes a block of unknown length only from a provider of the old type system, as the real ones are.
	return &pb.PlanResourceChangeResponse{PlannedState: state, PlannedPrivate: req.PriorPrivate,
		UnsafeToUseLegacyTypeSystem: len(computedBlocks[req.TypeName]) > 0}, err
}

func (s *server) ReadDataSource(_ context.Context, req *pb.ReadDataSourceRequest) (*pb.ReadDataSourceResponse, error) {
	schema := s.dataSources[req.TypeName]
	state, err := rewrite(schema, req.Config, func(config tftypes.Value) (tftypes.Value, error) { return read(schema, config), nil })
	return &pb.ReadDataSourceResponse{State: state}, err
}

func (s *server) ReadResource(_ context.Context, req *pb.ReadResourceRequest) (*pb.ReadResourceResponse, error) {
	return &pb.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}, nil
}

func (s *server) UpgradeResourceState(_ context.Context, req *pb.UpgradeResourceStateRequest) (*pb.UpgradeResourceStateResponse, error) {
	t := s.resources[req.TypeName].ValueType()
	v, err := req.RawState.Unmarshal(t)
	if err != nil {
		return nil, err
	}
	state, err := pb.NewDynamicValue(t, v)
	return &pb.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

// rewrite passes a value of the schema's type through f, from wire form to wire form.
func rewrite(s *pb.Schema, d *pb.DynamicValue, f func(tftypes.Value) (tftypes.Value, error)) (*pb.DynamicValue, error) {
	v, err := d.Unmarshal(s.ValueType())
	if err != nil {
		return nil, err
	}
	if v, err = f(v); err != nil {
		return nil, err
	}
	out, err := pb.NewDynamicValue(s.ValueType(), v)
	return &out, err
}

// Everything below would need the real provider.

func refuse(what string) []*pb.Diagnostic {
	return []*pb.Diagnostic{{Severity: pb.DiagnosticSeverityError, Summary: "recorded schema only: " + what + " is not possible",
		Detail: "This provider serves a recorded schema for init, validate and plan. Use the real provider to " + what + "."}}
}

func (s *server) ApplyResourceChange(_ context.Context, req *pb.ApplyResourceChangeRequest) (*pb.ApplyResourceChangeResponse, error) {
	return &pb.ApplyResourceChangeResponse{NewState: req.PriorState, Diagnostics: refuse("apply")}, nil
}

func (s *server) ImportResourceState(context.Context, *pb.ImportResourceStateRequest) (*pb.ImportResourceStateResponse, error) {
	return &pb.ImportResourceStateResponse{Diagnostics: refuse("import")}, nil
}

func (s *server) MoveResourceState(context.Context, *pb.MoveResourceStateRequest) (*pb.MoveResourceStateResponse, error) {
	return &pb.MoveResourceStateResponse{Diagnostics: refuse("move")}, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *pb.GetResourceIdentitySchemasRequest) (*pb.GetResourceIdentitySchemasResponse, error) {
	return &pb.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) UpgradeResourceIdentity(context.Context, *pb.UpgradeResourceIdentityRequest) (*pb.UpgradeResourceIdentityResponse, error) {
	return &pb.UpgradeResourceIdentityResponse{Diagnostics: refuse("upgrade of identities")}, nil
}

func (s *server) GenerateResourceConfig(context.Context, *pb.GenerateResourceConfigRequest) (*pb.GenerateResourceConfigResponse, error) {
	return &pb.GenerateResourceConfigResponse{Diagnostics: refuse("generation of configuration")}, nil
}

func (s *server) GetFunctions(context.Context, *pb.GetFunctionsRequest) (*pb.GetFunctionsResponse, error) {
	return &pb.GetFunctionsResponse{}, nil
}

func (s *server) CallFunction(context.Context, *pb.CallFunctionRequest) (*pb.CallFunctionResponse, error) {
	return &pb.CallFunctionResponse{Error: &pb.FunctionError{Text: refuse("function call")[0].Summary}}, nil
}

func (s *server) ValidateEphemeralResourceConfig(context.Context, *pb.ValidateEphemeralResourceConfigRequest) (*pb.ValidateEphemeralResourceConfigResponse, error) {
	return &pb.ValidateEphemeralResourceConfigResponse{Diagnostics: refuse("ephemeral resource")}, nil
}

func (s *server) OpenEphemeralResource(context.Context, *pb.OpenEphemeralResourceRequest) (*pb.OpenEphemeralResourceResponse, error) {
	return &pb.OpenEphemeralResourceResponse{Diagnostics: refuse("ephemeral resource")}, nil
}

func (s *server) RenewEphemeralResource(context.Context, *pb.RenewEphemeralResourceRequest) (*pb.RenewEphemeralResourceResponse, error) {
	return &pb.RenewEphemeralResourceResponse{Diagnostics: refuse("ephemeral resource")}, nil
}

func (s *server) CloseEphemeralResource(context.Context, *pb.CloseEphemeralResourceRequest) (*pb.CloseEphemeralResourceResponse, error) {
	return &pb.CloseEphemeralResourceResponse{Diagnostics: refuse("ephemeral resource")}, nil
}
