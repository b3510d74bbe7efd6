// Endpoints a tenant writes itself are followed by others: a gateway, a load balancer, a scraper.
import { WRITES } from "../matches";
import { TENANT } from "../parameters";
import { list } from "../cel";
import { Requesters, RuleScope, type AdmissionRule } from "../rule";

/** Metadata services and the like outside the link-local range, which Kubernetes itself refuses. */
const SPECIAL = ["168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254", "fd00:42::42"];

const ADDRESSES =
  "object.?endpoints.orValue([]).map(e, e.?addresses.orValue([])) + " +
  "object.?subsets.orValue([]).map(s, (s.?addresses.orValue([]) + s.?notReadyAddresses.orValue([])).map(a, a.ip))";

const TARGETS =
  "object.?endpoints.orValue([]).map(e, [e.?targetRef.?namespace.orValue('')]) + " +
  "object.?subsets.orValue([]).map(s, (s.?addresses.orValue([]) + s.?notReadyAddresses.orValue([])).map(a, a.?targetRef.?namespace.orValue('')))";

export const ENDPOINT_ADDRESSES: AdmissionRule = {
  id: "endpoint-addresses",
  refuses:
    "endpoints at metadata services, of other namespaces' pods, or of the control plane's own Services",
  family: "service",
  scope: RuleScope.TENANT_NAMESPACES,
  binds: Requesters.ALL_BUT_PLATFORM,
  matches: [
    {
      apiGroups: [""],
      apiVersions: ["v1"],
      resources: ["endpoints"],
      operations: WRITES,
    },
    {
      apiGroups: ["discovery.k8s.io"],
      apiVersions: ["v1"],
      resources: ["endpointslices"],
      operations: WRITES,
    },
  ],
  variables: [
    { name: "deleted", expression: "request.operation == 'DELETE'" },
    { name: "tenant", expression: TENANT },
    {
      // As many as Kubernetes' own controllers write into one object. Tens of thousands cost the API server seconds.
      name: "few",
      expression:
        "dyn(object) == null || (dyn(object).?endpoints.orValue([]).size() <= 1000 && " +
        "dyn(object).?endpoints.orValue([]).map(e, e.?addresses.orValue([]).size()).sum() <= 1000 && " +
        "dyn(object).?subsets.orValue([]).size() <= 1000 && dyn(object).?subsets.orValue([])" +
        ".map(s, s.?addresses.orValue([]).size() + s.?notReadyAddresses.orValue([]).size()).sum() <= 1000)",
    },
    {
      name: "addresses",
      expression: `dyn(object) == null ? [] : ${ADDRESSES.replaceAll("object.", "dyn(object).")}`,
    },
    {
      name: "targets",
      expression: `dyn(object) == null ? [] : ${TARGETS.replaceAll("object.", "dyn(object).")}`,
    },
    {
      name: "own",
      expression: "[variables.tenant, variables.tenant + '-headless']",
    },
  ],
  validations: [
    { expression: "variables.few", message: "endpoints must be 1000 addresses at most; split them" },
    {
      // Compared as addresses: one has many spellings. What is no address in the usual form is refused.
      expression:
        "variables.deleted || !variables.few || variables.addresses.all(l, l.all(a, isIP(a) && " +
        `!ip(a).isLoopback() && !ip(a).isLinkLocalUnicast() && !${list(SPECIAL)}.exists(s, ip(s) == ip(a))))`,
      message: "endpoints must not point at metadata services, loopback or link-local addresses; remove them",
    },
    {
      expression: "variables.deleted || dyn(object).?addressType.orValue('IPv4') in ['IPv4', 'IPv6']",
      message: "EndpointSlices must be of type IPv4 or IPv6; name addresses",
    },
    {
      expression:
        "variables.deleted || !variables.few || variables.targets.all(l, l.all(n, n == '' || n == request.namespace))",
      message: "endpoints must not name pods of other namespaces; remove targetRef",
    },
    {
      expression:
        "!([dyn(object), dyn(oldObject)].exists(o, o != null && (" +
        "(request.resource.resource == 'endpoints' && has(o.metadata.name) && o.metadata.name in variables.own) || " +
        "(has(o.metadata.labels) && 'kubernetes.io/service-name' in o.metadata.labels && " +
        "o.metadata.labels['kubernetes.io/service-name'] in variables.own))))",
      message:
        "endpoints of the control plane's own Services are Kubernetes' to write; choose another Service",
    },
  ],
  source: "CVE-2021-25740: endpoints a tenant writes borrow the reach of whoever follows them",
};
