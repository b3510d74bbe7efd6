// Certificates by openssl, as a tenant's PKI issues them: one CA each, leaves of a few minutes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a workload has on its volume in memory. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
  /** The only CA it takes peers of. */
  readonly ca: string;
}

export interface Leaf {
  readonly name: string;
  /** Minutes before now and after now. */
  readonly from?: number;
  readonly until?: number;
  /** Extended key usages. */
  readonly usages?: string;
}

/** A PKI in a folder of its own; `remove` deletes it. */
export class Pki {
  private readonly folder: string;
  private leaves = 0;

  public constructor(owner: string) {
    this.folder = mkdtempSync(join(tmpdir(), "tenclave-pki-"));
    this.openssl("ecparam -name prime256v1 -genkey -noout -out ca.key");
    this.openssl(`req -new -x509 -key ca.key -out ca.crt -days 1 -subj /CN=${owner}-root`);
  }

  public get ca(): string {
    return this.read("ca.crt");
  }

  /** A certificate for both sides of TLS. */
  public issue({ name, from = 1, until = 30, usages = "serverAuth,clientAuth" }: Leaf): TlsFiles {
    const leaf = `leaf${this.leaves++}`;
    writeFileSync(
      join(this.folder, `${leaf}.ext`),
      `subjectAltName=DNS:${name}\nextendedKeyUsage=${usages}\nkeyUsage=digitalSignature\nbasicConstraints=CA:FALSE\n`,
    );
    this.openssl(`ecparam -name prime256v1 -genkey -noout -out ${leaf}.key`);
    this.openssl(`req -new -key ${leaf}.key -out ${leaf}.csr -subj /CN=${name}`);
    writeFileSync(join(this.folder, `${leaf}.txt`), "");
    writeFileSync(join(this.folder, `${leaf}.cnf`), `[ca]\ndefault_ca=own\n[own]\n${this.authority(leaf)}`);
    this.openssl(
      `ca -batch -notext -config ${leaf}.cnf -in ${leaf}.csr -out ${leaf}.crt -extfile ${leaf}.ext ` +
        `-startdate ${stamp(-from)} -enddate ${stamp(until)}`,
    );
    return { cert: this.read(`${leaf}.crt`), key: this.read(`${leaf}.key`), ca: this.ca };
  }

  /** What a workload signs with its own certificate, as if it were a CA. */
  public signedBy(signer: TlsFiles, name: string): TlsFiles {
    const leaf = `leaf${this.leaves++}`;
    writeFileSync(join(this.folder, "signer.crt"), signer.cert);
    writeFileSync(join(this.folder, "signer.key"), signer.key, { mode: 0o600 });
    this.openssl(`ecparam -name prime256v1 -genkey -noout -out ${leaf}.key`);
    this.openssl(`req -new -key ${leaf}.key -out ${leaf}.csr -subj /CN=${name}`);
    this.openssl(
      `x509 -req -in ${leaf}.csr -CA signer.crt -CAkey signer.key -set_serial 7 -days 1 -out ${leaf}.crt`,
    );
    return { cert: this.read(`${leaf}.crt`) + signer.cert, key: this.read(`${leaf}.key`), ca: this.ca };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private authority(leaf: string): string {
    return [
      `database=${leaf}.txt`,
      "new_certs_dir=.",
      "certificate=ca.crt",
      "private_key=ca.key",
      "rand_serial=yes",
      "default_md=sha256",
      "policy=any",
      "[any]",
      "commonName=supplied",
      "",
    ].join("\n");
  }

  private openssl(command: string): void {
    execFileSync("openssl", command.split(" "), { cwd: this.folder, stdio: ["ignore", "ignore", "pipe"] });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), "utf8");
  }
}

/** A time in minutes from now, as openssl writes it. */
function stamp(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:T]|\.\d+/g, "");
}
