// What a container gets that names nothing.

/** Requests and limit of one container, Kubernetes quantities. */
export interface ContainerDefaults {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly memory: string };
}

/** Used when the tenant names nothing either. */
export const CONTAINER: ContainerDefaults = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { memory: "256Mi" },
};

/** The tenant's container defaults, or ours. */
export function containerDefaults(spec: { readonly container?: ContainerDefaults }): ContainerDefaults {
  return spec.container ?? CONTAINER;
}
