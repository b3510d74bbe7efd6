// How to raise the codes of a Trustee.
import { exampleHost } from "./host";
import { trusteeOptions, trusteeServer } from "./trustee";

export const TRUSTEE_CASES = {
  TRUSTEE_ADMIN: (): unknown =>
    trusteeServer({
      admin: {
        jwkSetUri: "https://login.example.com/keys",
        issuer: "https://login.example.com",
        audience: "kbs",
        acls: [{ role: "writer", allowedEndpoints: "^/kbs/.+$" }],
      },
    }),
  TRUSTEE_EGRESS: (): unknown => trusteeServer({ clients: ["0.0.0.0/0"] }),
  TRUSTEE_ENDPOINT: (): unknown => trusteeServer({ url: "http://kbs.example.com" }),
  TRUSTEE_HOST: (): unknown => {
    const host = exampleHost();
    return trusteeServer({ host: { ...host, network: { ...host.network, encryptsPodTraffic: false } } });
  },
  TRUSTEE_IMAGE: (): unknown =>
    trusteeServer({ images: { ...trusteeOptions().images, kbs: "registry.example.com/kbs:v0.21.0" } }),
  TRUSTEE_SESSIONS: (): unknown => trusteeServer({ sessions: "Memory" }),
};
