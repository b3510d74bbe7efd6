// Judges admission requests as Gatekeeper's webhook does: its own constraint client, target handler and CEL driver.
// Reads {templates, constraints, reviews: [{id, request, namespace}], kinds} as JSON,
// prints {verdicts: [{id, allowed, messages}], wrongKinds}.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
)

// Question is what the lane asks.
type Question struct {
	Templates   []json.RawMessage `json:"templates"`
	Constraints []json.RawMessage `json:"constraints"`
	Reviews     []Review          `json:"reviews"`
	Kinds       []KnownKind       `json:"kinds"`
}

// Review is one admission request with the namespace that it goes to.
type Review struct {
	ID        string                        `json:"id"`
	Request   *admissionv1.AdmissionRequest `json:"request"`
	Namespace *corev1.Namespace             `json:"namespace,omitempty"`
	// WithheldNamespace plays a Gatekeeper before 3.22: constraints match by the namespace, CEL does not get it.
	WithheldNamespace bool `json:"withheldNamespace,omitempty"`
}

// Verdict is Gatekeeper's answer. An error in the machinery is a refusal, as with failurePolicy Fail.
type Verdict struct {
	ID       string   `json:"id"`
	Allowed  bool     `json:"allowed"`
	Messages []string `json:"messages"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var question Question
	if err := json.NewDecoder(os.Stdin).Decode(&question); err != nil {
		return fmt.Errorf("reading the question: %w", err)
	}
	ctx := context.Background()
	webhook, err := newWebhook(ctx, question.Templates, question.Constraints)
	if err != nil {
		return err
	}
	verdicts := make([]Verdict, 0, len(question.Reviews))
	for _, review := range question.Reviews {
		verdicts = append(verdicts, webhook.judge(ctx, review))
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"verdicts": verdicts, "wrongKinds": wrongKinds(question.Kinds)})
}
