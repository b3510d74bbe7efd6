// Audit devices: two, because Vault answers nobody when the only one cannot be written.
import { Audit } from "../core/bindings/vault";
import type { Construct, ITerraformDependable } from "../core/cdk";
import { ConfigurationError, reasonOf } from "../core/errors";
import { warn } from "../core/notes";
import { assertShape, shape } from "../core/option-shape";
import type * as z from "../core/zod";

/** Where requests and answers are written, secrets as HMAC. */
export interface AuditDevices {
  /** File on a volume of its own in Vault's pod. @default "/vault/audit/audit.log" */
  readonly file?: string;
  /** `host:port` of a collector that takes TCP. @default - the second device is the server's standard output */
  readonly socket?: string;
}

const SHAPE = shape.object({
  file: shape.text.optional(),
  socket: shape.text.optional(),
} satisfies Record<keyof AuditDevices, z.ZodType>);

/** How Vault keeps its audit log. */
export class VaultAudit {
  /**
   * A file, and standard output or a collector. Fails with VAULT_AUDIT for a file that is no absolute path and a
   * collector that is no host and port.
   */
  public static devices(options: AuditDevices = {}): VaultAudit {
    assertShape("audit", SHAPE, options);
    const { file = "/vault/audit/audit.log", socket } = options;
    if (!/^(\/[A-Za-z0-9._-]+)+$/.test(file))
      throw new ConfigurationError(
        "VAULT_AUDIT",
        "audit",
        `file must be an absolute path on Vault's machine, got '${file}'; use /vault/audit/audit.log`,
      );
    if (socket !== undefined && !/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?:\d{1,5}$/.test(socket))
      throw new ConfigurationError(
        "VAULT_AUDIT",
        "audit",
        `socket must be a host name and a port, got '${socket}'; write it like collector.example.com:9090`,
      );
    return new VaultAudit(
      [
        { path: "file", type: "file", options: { file_path: file } },
        socket === undefined
          ? { path: "stdout", type: "file", options: { file_path: "stdout" } }
          : { path: "socket", type: "socket", options: { address: socket, socket_type: "tcp" } },
      ],
      undefined,
    );
  }

  /**
   * The server's configuration file declares them: OpenBao takes none by its API. Shows as a warning at synth, because
   * nothing here checks it. Fails with REASON.
   */
  public static declaredByServer(reason: string): VaultAudit {
    assertShape("audit", shape.object({ declaredByServer: shape.text }), { declaredByServer: reason });
    return new VaultAudit([], reasonOf("audit", "declaredByServer", reason));
  }

  private constructor(
    private readonly list: readonly AuditDevice[],
    private readonly reason: string | undefined,
  ) {}

  /** Defines the devices. Everything else waits for them, so that it is in the log. */
  public define(scope: Construct): ITerraformDependable[] {
    if (this.reason) warn(scope, `audit devices are declared by the server, unchecked here: ${this.reason}`);
    return this.list.map(
      ({ path, type, options }) => new Audit(scope, `Audit-${path}`, { path, type, options: { ...options } }),
    );
  }
}

interface AuditDevice {
  readonly path: string;
  readonly type: string;
  readonly options: Readonly<Record<string, string>>;
}
