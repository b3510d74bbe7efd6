// One policy with one input.
package main

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/types"
)

// Question is a policy and what it is asked about.
type Question struct {
	Policy     string         `json:"policy"`
	Data       map[string]any `json:"data"`
	Input      any            `json:"input"`
	Rules      []string       `json:"rules"`
	References map[string]any `json:"references"`
	// Syntax is "v0" or "v1".
	Syntax string `json:"syntax"`
}

// Answer holds a value for each rule.
type Answer struct {
	Values map[string]any `json:"values"`
	Error  string         `json:"error,omitempty"`
}

var syntaxes = map[string]ast.RegoVersion{"v0": ast.RegoV0, "v1": ast.RegoV1}

// judge keeps compiled policies: many questions are about the same one.
type judge struct {
	compiled map[string]*ast.Compiler
	failed   map[string]error
}

func newJudge() *judge {
	return &judge{compiled: map[string]*ast.Compiler{}, failed: map[string]error{}}
}

var lookUp = &rego.Function{
	Name: "query_reference_value",
	Decl: types.NewFunction(types.Args(types.S), types.A),
}

func (j *judge) answer(ctx context.Context, question Question) Answer {
	values, err := j.evaluate(ctx, question)
	if err != nil {
		return Answer{Values: map[string]any{}, Error: err.Error()}
	}
	return Answer{Values: values}
}

func (j *judge) evaluate(ctx context.Context, question Question) (map[string]any, error) {
	version, known := syntaxes[question.Syntax]
	if !known {
		return nil, fmt.Errorf("no such syntax: %q", question.Syntax)
	}
	compiler, err := j.compile(question.Policy, question.Syntax, version)
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	for _, rule := range question.Rules {
		result, err := rego.New(
			rego.Query(rule),
			rego.SetRegoVersion(version),
			rego.Compiler(compiler),
			rego.Store(inmem.NewFromObject(question.Data)),
			rego.Input(question.Input),
			rego.Function1(lookUp, func(_ rego.BuiltinContext, name *ast.Term) (*ast.Term, error) {
				text, ok := name.Value.(ast.String)
				if !ok {
					return nil, fmt.Errorf("query_reference_value takes a text, got %v", name)
				}
				value, err := ast.InterfaceToValue(question.References[string(text)])
				if err != nil {
					return nil, err
				}
				return ast.NewTerm(value), nil
			}),
		).Eval(ctx)
		if err != nil {
			return nil, err
		}
		values[rule] = nil
		if len(result) > 0 {
			values[rule] = result[0].Expressions[0].Value
		}
	}
	return values, nil
}

func (j *judge) compile(policy, syntax string, version ast.RegoVersion) (*ast.Compiler, error) {
	key := syntax + "\n" + policy
	if err, failed := j.failed[key]; failed {
		return nil, err
	}
	if compiler, done := j.compiled[key]; done {
		return compiler, nil
	}
	compiler, err := compile(policy, version)
	if err != nil {
		j.failed[key] = err
		return nil, err
	}
	j.compiled[key] = compiler
	return compiler, nil
}

func compile(policy string, version ast.RegoVersion) (*ast.Compiler, error) {
	module, err := ast.ParseModuleWithOpts("policy.rego", policy, ast.ParserOptions{RegoVersion: version})
	if err != nil {
		return nil, err
	}
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.Builtins = append(capabilities.Builtins, &ast.Builtin{Name: lookUp.Name, Decl: lookUp.Decl})
	compiler := ast.NewCompiler().WithCapabilities(capabilities)
	compiler.Compile(map[string]*ast.Module{"policy.rego": module})
	if compiler.Failed() {
		return nil, compiler.Errors
	}
	return compiler, nil
}
