// How in-cluster providers log in: an exec plug-in by default, a kubeconfig file, never a token (it would land in state).
import { HelmProvider, type HelmProviderKubernetes } from "../core/bindings/helm";
import { KubernetesProvider } from "../core/bindings/kubernetes";
import type { Construct } from "../core/cdk";

/** A program that prints a short-lived credential, as kubectl runs it. */
export interface ExecCredential {
  readonly command: string;
  readonly args: readonly string[];
}

/** Login of the helm and kubernetes providers. Build one with `ClusterAccess.exec` or `ClusterAccess.kubeconfig`. */
export class ClusterAccess {
  /**
   * By endpoint and CA, with a program that prints a credential. `certificateAuthority` is PEM, not base64; undefined
   * when the endpoint shows a certificate that everybody trusts.
   */
  public static exec(
    endpoint: string,
    certificateAuthority: string | undefined,
    exec: ExecCredential,
  ): ClusterAccess {
    return new ClusterAccess(endpoint, {
      host: endpoint,
      clusterCaCertificate: certificateAuthority,
      exec: {
        apiVersion: "client.authentication.k8s.io/v1beta1",
        command: exec.command,
        args: [...exec.args],
      },
    });
  }

  /** By a kubeconfig file on the machine that runs Terraform. `endpoint` is the API server's URL in it. */
  public static kubeconfig(endpoint: string, path: string, context: string): ClusterAccess {
    return new ClusterAccess(endpoint, { configPath: path, configContext: context });
  }

  private constructor(
    /** URL of the API server, starting with https://. */
    public readonly endpoint: string,
    /** Arguments both providers take. */
    public readonly login: HelmProviderKubernetes,
  ) {}

  /** Defines the helm provider of a stack. */
  public helmProvider(stack: Construct): HelmProvider {
    return new HelmProvider(stack, "Helm", {
      kubernetes: this.login,
      // Clusters with many CRDs throttle the default of 100.
      burstLimit: 300,
    });
  }

  /** Defines the kubernetes provider of a stack. */
  public kubernetesProvider(stack: Construct): KubernetesProvider {
    const { exec, ...login } = this.login;
    return new KubernetesProvider(stack, "Kubernetes", { ...login, exec: exec ? [exec] : undefined });
  }
}
