// The seam: the only file of the library that names the framework. Everything else imports from here.
export {
  AnnotationMetadataEntryType,
  App,
  AssetType,
  Fn,
  LocalBackend,
  TerraformAsset,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
  Token,
  dependable,
} from "cdktf";
export type {
  ISynthesisSession,
  IStackSynthesizer,
  ITerraformDependable,
  TerraformResourceLifecycle,
} from "cdktf";
export { Construct } from "constructs";
export type { IConstruct } from "constructs";
