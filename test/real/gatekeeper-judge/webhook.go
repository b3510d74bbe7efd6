// Gatekeeper's validating webhook without its HTTP server and without its caches.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"

	templatesv1 "github.com/open-policy-agent/frameworks/constraint/pkg/apis/templates/v1"
	constraintclient "github.com/open-policy-agent/frameworks/constraint/pkg/client"
	"github.com/open-policy-agent/frameworks/constraint/pkg/client/reviews"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/drivers/k8scel"
	mutationtypes "github.com/open-policy-agent/gatekeeper/v3/pkg/mutation/types"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/target"
	"github.com/open-policy-agent/gatekeeper/v3/pkg/util"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Webhook holds the templates and constraints that Gatekeeper has accepted.
type Webhook struct {
	client *constraintclient.Client
}

// newWebhook fails when Gatekeeper refuses a template or a constraint, by its own checks and the schema it generates.
func newWebhook(ctx context.Context, templates, constraints []json.RawMessage) (*Webhook, error) {
	driver, err := k8scel.New()
	if err != nil {
		return nil, err
	}
	client, err := constraintclient.NewClient(
		constraintclient.Targets(&target.K8sValidationTarget{}),
		constraintclient.Driver(driver),
		constraintclient.EnforcementPoints(util.WebhookEnforcementPoint),
		constraintclient.IgnoreNoReferentialDriverWarning(true),
	)
	if err != nil {
		return nil, err
	}
	for i, raw := range templates {
		versioned := &templatesv1.ConstraintTemplate{}
		if err := json.Unmarshal(raw, versioned); err != nil {
			return nil, fmt.Errorf("template %d: %w", i, err)
		}
		template, err := versioned.ToVersionless()
		if err != nil {
			return nil, fmt.Errorf("template %s: %w", versioned.Name, err)
		}
		if _, err := client.AddTemplate(ctx, template); err != nil {
			return nil, fmt.Errorf("template %s: %w", versioned.Name, err)
		}
	}
	for i, raw := range constraints {
		constraint := &unstructured.Unstructured{}
		if err := constraint.UnmarshalJSON(raw); err != nil {
			return nil, fmt.Errorf("constraint %d: %w", i, err)
		}
		if _, err := client.AddConstraint(ctx, constraint); err != nil {
			return nil, fmt.Errorf("constraint %s: %w", constraint.GetName(), err)
		}
	}
	return &Webhook{client: client}, nil
}

// judge asks as the webhook asks: a request about a Namespace counts as one about a cluster-scoped object.
func (w *Webhook) judge(ctx context.Context, review Review) Verdict {
	if review.Request == nil {
		return refusal(review.ID, "no request")
	}
	request := review.Request.DeepCopy()
	if request.Kind.Kind == "Namespace" && request.Kind.Group == "" {
		request.Namespace = ""
	}
	augmented := &target.AugmentedReview{
		AdmissionRequest: request,
		Source:           mutationtypes.SourceTypeOriginal,
		IsAdmission:      true,
	}
	options := []reviews.ReviewOpt{reviews.EnforcementPoint(util.WebhookEnforcementPoint)}
	if request.Namespace != "" {
		if review.Namespace == nil || review.Namespace.Name != request.Namespace {
			return refusal(review.ID, fmt.Sprintf("namespace %q not found", request.Namespace))
		}
		asMap, err := util.NamespaceToMap(review.Namespace)
		if err != nil {
			return refusal(review.ID, err.Error())
		}
		augmented.Namespace = review.Namespace
		if !review.WithheldNamespace {
			options = append(options, reviews.Namespace(asMap))
		}
	}
	responses, err := w.client.Review(ctx, augmented, options...)
	if err != nil {
		return refusal(review.ID, err.Error())
	}
	messages := []string{}
	for _, result := range responses.Results() {
		if result.EnforcementAction == string(util.Deny) {
			messages = append(messages, fmt.Sprintf("[%s] %s", result.Constraint.GetName(), result.Msg))
		}
	}
	sort.Strings(messages)
	return Verdict{ID: review.ID, Allowed: len(messages) == 0, Messages: messages}
}

func refusal(id, message string) Verdict {
	return Verdict{ID: id, Allowed: false, Messages: []string{message}}
}
