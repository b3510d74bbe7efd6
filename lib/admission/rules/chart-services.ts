// The gateway and the tenant's own pods find the virtual API server by these Services.
import { either, unchanged, unchangedBut } from "../cel";
import { SERVICES, WRITES } from "../matches";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";
import { TENANT } from "../parameters";

export const CHART_SERVICES: AdmissionRule = {
  id: "chart-services",
  refuses: "changes of the control plane's own Services by anybody but the platform",
  family: "platform",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [{ ...SERVICES, operations: WRITES }],
  variables: [
    { name: "tenant", expression: TENANT },
    {
      name: "own",
      expression: either(
        // With a Service 'loft' in the namespace, the chart refuses every upgrade.
        "has(o.metadata.name) && o.metadata.name in [variables.tenant, variables.tenant + '-headless', 'loft']",
      ),
    },
  ],
  validations: [
    {
      // The control plane notes the range of Service addresses there.
      expression:
        "!variables.own || (request.operation == 'UPDATE' && " +
        [
          unchanged("spec"),
          unchanged("metadata.labels"),
          unchanged("metadata.ownerReferences", "[]"),
          unchanged("metadata.finalizers", "[]"),
          unchangedBut("metadata.annotations", ["vcluster.loft.sh/service-cidr"]),
        ].join(" && ") +
        ")",
      message: "Services of the control plane are the platform's to change; choose another name",
    },
  ],
  source: "vCluster 0.36.1, detection of the Service range: writes one annotation of Service <name>",
};
