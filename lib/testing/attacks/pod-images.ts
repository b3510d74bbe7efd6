// Images from elsewhere, where the tenant's file names registries or wants digests.
import { PARAMETERS } from "../../admission/parameters";
import { type Attack, type AttackContext } from "../attack";
import { RESTRICTED, type PodChange } from "../requests";
import { unlessConfidential, allowed, refused, update, type Passing, type Row } from "./pod-attack";

/** Only where the tenant's file names registries. */
const withRegistries = ({ tenant }: AttackContext): boolean =>
  PARAMETERS.imageRegistries in tenant.annotations;
const withDigests = ({ tenant }: AttackContext): boolean => PARAMETERS.imageDigests in tenant.annotations;
const DIGEST = `@sha256:${"0123456789abcdef".repeat(4)}`;

const registry = ({ tenant }: AttackContext): string =>
  tenant.annotations[PARAMETERS.imageRegistries]!.split(",")[0]!;
const imageOf =
  (image: (context: AttackContext) => string) =>
  (context: AttackContext): PodChange => ({
    container: { image: image(context) },
  });

export const POD_IMAGES: readonly Attack[] = [
  ...(
    [
      [
        "image-elsewhere",
        "rule:image-registries",
        "takes an image from elsewhere",
        "whoever owns that registry runs code here",
        imageOf(() => `registry.elsewhere.example/app${DIGEST}`),
      ],
      [
        "image-lookalike-host",
        "rule:image-registries",
        "takes a registry whose name begins alike",
        "a prefix is no host name",
        imageOf((c) => `${registry(c).split("/")[0]!}.evil.example/app${DIGEST}`),
      ],
      [
        "image-lookalike-port",
        "rule:image-registries",
        "takes another port of the registry",
        "another server may listen there",
        imageOf((c) => `${registry(c).split("/")[0]!}:5001/app${DIGEST}`),
      ],
      [
        "image-lookalike-path",
        "rule:image-registries",
        "takes a path that begins alike",
        "somebody else's project",
        imageOf((c) => `${registry(c)}-evil/app${DIGEST}`),
      ],
      [
        "image-docker-hub",
        "rule:image-registries",
        "names no registry",
        "that is Docker Hub",
        imageOf(() => `library/alpine${DIGEST}`),
      ],
      [
        "image-registry-as-path",
        "rule:image-registries",
        "hides the registry in a path of Docker Hub",
        "the first part is no host without a dot",
        imageOf((c) => `evil/${registry(c)}/app${DIGEST}`),
      ],
      [
        "image-init",
        "rule:image-registries",
        "hides it in an init container",
        "it runs first",
        () => ({
          spec: {
            initContainers: [
              { name: "init", image: `registry.elsewhere.example/app${DIGEST}`, securityContext: RESTRICTED },
            ],
          },
        }),
      ],
    ] satisfies Row[]
  ).map((row) => ({ ...refused(row), when: withRegistries })),
  unlessConfidential({
    ...update("refused")([
      "debug-image-elsewhere",
      "rule:image-registries",
      "debugs with an image from elsewhere",
      "another way into a running pod",
      () => ({
        spec: {
          ephemeralContainers: [
            { name: "debug", image: `registry.elsewhere.example/app${DIGEST}`, securityContext: RESTRICTED },
          ],
        },
      }),
      "ephemeralcontainers",
    ]),
    when: withRegistries,
  }),
  {
    ...update("refused")([
      "update-image-elsewhere",
      "rule:image-registries",
      "changes a running pod's image",
      "the real syncer sends it so",
      () => ({ spec: { containers: [{ name: "main", image: `registry.elsewhere.example/app${DIGEST}` }] } }),
    ]),
    when: withRegistries,
  },
  ...(
    [
      [
        "image-tag",
        "rule:image-digests",
        "names an image by tag",
        "tags move",
        imageOf((c) => `${image(c)}:1`),
      ],
      [
        "image-untagged",
        "rule:image-digests",
        "names an image alone",
        "that is whatever was pushed last",
        imageOf((c) => image(c)),
      ],
      [
        "image-short-digest",
        "rule:image-digests",
        "writes half a digest",
        "it names nothing",
        imageOf((c) => `${image(c)}@sha256:abc`),
      ],
      [
        "image-digest-in-tag",
        "rule:image-digests",
        "writes a digest where the tag stands",
        "it is a tag then",
        imageOf((c) => `${image(c)}:sha256-${"a".repeat(64)}`),
      ],
    ] satisfies Row[]
  ).map((row) => unlessConfidential({ ...refused(row), when: withDigests })),
  ...(
    [
      [
        "image-path",
        "takes a deeper path of the registry",
        "projects",
        imageOf((c) => `${image(c)}/deeper/app${DIGEST}`),
      ],
      [
        "image-tag-digest",
        "names tag and digest",
        "tools write both",
        imageOf((c) => `${image(c)}:1${DIGEST}`),
      ],
    ] satisfies Passing[]
  ).map(allowed),
];

/** An image of the tenant's registries without tag and digest. */
function image({ tenant }: AttackContext): string {
  return `${tenant.annotations[PARAMETERS.imageRegistries]?.split(",")[0] ?? "registry.example.com"}/app`;
}
