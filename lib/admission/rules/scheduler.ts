// Another scheduler binds by rules of its own; whether a pod stays on its pool is then up to it.
import { podRule } from "../pod-rule";
import { list } from "../cel";

/** GKE puts the second into every pod when the cluster's autoscaling profile says so. */
const SCHEDULERS = ["default-scheduler", "gke.io/optimize-utilization-scheduler"];

export const SCHEDULER = podRule({
  id: "scheduler",
  refuses: "schedulers other than the host's own",
  family: "placement",
  validations: [
    {
      expression: `object.spec.?schedulerName.orValue('default-scheduler') in ${list(SCHEDULERS)}`,
      message: "pods must leave scheduling to the host's own scheduler; remove spec.schedulerName",
    },
  ],
  source: "GKE documentation, About GKE cluster autoscaling (autoscaling profiles), 2026",
});
