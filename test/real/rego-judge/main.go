// Program rego-judge: what OPA says of a policy.
//
// JSON in: `questions` (policy, data, input, rules, references, syntax). JSON out: `answers`, in their order: by rule its
// value, or null where it has none, and what kept the engine from judging. `query_reference_value` answers from
// `references`, null where there is none. Nothing here knows a rule of its own.
//
// Build: go build -trimpath -o rego-judge .
// Run:   ./rego-judge <case.json
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
)

// Case is what is asked.
type Case struct {
	Questions []Question `json:"questions"`
}

// Verdict on all questions.
type Verdict struct {
	Answers []Answer `json:"answers"`
}

func main() {
	decoder := json.NewDecoder(os.Stdin)
	decoder.DisallowUnknownFields()
	// OPA wants integers of a document unrounded.
	decoder.UseNumber()
	var asked Case
	if err := decoder.Decode(&asked); err != nil {
		fmt.Fprintln(os.Stderr, "rego-judge:", err)
		os.Exit(2)
	}
	judge := newJudge()
	verdict := Verdict{Answers: make([]Answer, 0, len(asked.Questions))}
	for _, question := range asked.Questions {
		verdict.Answers = append(verdict.Answers, judge.answer(context.Background(), question))
	}
	if err := json.NewEncoder(os.Stdout).Encode(verdict); err != nil {
		fmt.Fprintln(os.Stderr, "rego-judge:", err)
		os.Exit(2)
	}
}
