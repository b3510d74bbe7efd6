// Annotations that travel in the synthesized manifest: what was weakened, what was accepted without proof.
import { AnnotationMetadataEntryType, type IConstruct } from "./cdk";

/**
 * Adds a warning to a construct, without the stack trace the framework's own helper records:
 * a trace holds paths of the machine, and the output must be byte-identical everywhere.
 */
export function warn(scope: IConstruct, text: string): void {
  scope.node.addMetadata(AnnotationMetadataEntryType.WARN, text);
}

/** All warnings below a construct, with the path of the construct they hang on. */
export function warningsOf(root: IConstruct): { path: string; text: string }[] {
  return root.node
    .findAll()
    .flatMap((node) =>
      node.node.metadata
        .filter((entry) => entry.type === AnnotationMetadataEntryType.WARN)
        .map((entry) => ({ path: node.node.path, text: String(entry.data) })),
    );
}
