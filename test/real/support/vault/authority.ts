// Keys and certificates of a lane's own, by openssl: servers on loopback, and requests for certificates.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, which } from "../exec";
import { NotHere } from "../lane";

/** A CA with one server certificate for loopback. */
export interface Loopback {
  readonly caFile: string;
  readonly ca: string;
  readonly keyFile: string;
  readonly certificateFile: string;
}

/** Makes them in a folder. Throws NotHere without openssl. */
export async function loopback(folder: string): Promise<Loopback> {
  if (!which("openssl")) throw new NotHere("openssl is not on PATH");
  const file = (name: string): string => join(folder, name);
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  await openssl([
    ...["req", "-x509", ...newKey, "-keyout", file("ca.key"), "-out", file("ca.crt")],
    ...["-days", "2", "-subj", "/CN=loopback", "-addext", "basicConstraints=critical,CA:TRUE"],
  ]);
  await openssl([
    ...[
      "req",
      ...newKey,
      "-keyout",
      file("server.key"),
      "-out",
      file("server.csr"),
      "-subj",
      "/CN=127.0.0.1",
    ],
  ]);
  writeFileSync(file("server.ext"), "subjectAltName=IP:127.0.0.1\n");
  await openssl([
    ...["x509", "-req", "-in", file("server.csr"), "-CA", file("ca.crt"), "-CAkey", file("ca.key")],
    ...["-CAcreateserial", "-days", "2", "-extfile", file("server.ext"), "-out", file("server.crt")],
  ]);
  return {
    caFile: file("ca.crt"),
    ca: readFileSync(file("ca.crt"), "utf8"),
    keyFile: file("server.key"),
    certificateFile: file("server.crt"),
  };
}

/** What a request for a certificate asks for. */
export interface RequestOptions {
  readonly commonName: string;
  /** OpenSSL's words, like `DNS:web.example.com`. */
  readonly names?: readonly string[];
  /** Asks to become a certificate authority. */
  readonly authority?: boolean;
  /** @default ec */
  readonly key?: "ec" | "rsa";
}

/** A request with its private key, which stays here. */
export interface CertificateRequest {
  readonly csr: string;
  readonly key: string;
}

let count = 0;

export async function certificateRequest(
  folder: string,
  { commonName, names = [], authority = false, key = "ec" }: RequestOptions,
): Promise<CertificateRequest> {
  const file = join(folder, `request-${count++}`);
  await openssl([
    ...[
      "req",
      "-new",
      "-noenc",
      "-keyout",
      `${file}.key`,
      "-out",
      `${file}.csr`,
      "-subj",
      `/CN=${commonName}`,
    ],
    ...(key === "ec" ? ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"] : ["-newkey", "rsa:2048"]),
    ...(names.length === 0 ? [] : ["-addext", `subjectAltName=${names.join(",")}`]),
    ...(authority ? ["-addext", "basicConstraints=critical,CA:TRUE"] : []),
  ]);
  return { csr: readFileSync(`${file}.csr`, "utf8"), key: readFileSync(`${file}.key`, "utf8") };
}

function openssl(args: readonly string[]): Promise<unknown> {
  return must("openssl", args);
}
