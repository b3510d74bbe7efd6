// How to raise the codes of keys in AWS KMS.
import { nitroMeasurements } from "../../lib/aws";
import { ConfigurationError } from "../../lib/core/errors";
import { nitro, nitroTenant, placeOf } from "./nitro";

export const AWS_KEY_CASES = {
  ATTESTATION_REFERENCE: (): unknown => nitroMeasurements("{}", "signer.json"),
  ATTESTATION_VERIFIER: (): unknown => {
    const spec = nitroTenant({ pool: "plain" });
    const [{ code, path, text }] = nitro().problems(spec, placeOf(spec)) as [
      ReturnType<ReturnType<typeof nitro>["problems"]>[number],
    ];
    throw new ConfigurationError(code, [spec.name, ...path].join("."), text);
  },
  KEY_ADMIN: (): unknown => nitro({ keyAdministrators: [] }),
};
