// IAM and KMS policy documents of an EKS host, as plain JSON text.
import { ConfigurationError, type ErrorScope } from "../core/errors";
import { fitted } from "../core/names";

/** Where a host lives on AWS, plain text known at synth. */
export interface AwsScope {
  readonly account: string;
  readonly region: string;
}

/**
 * Commercial and GovCloud regions. China, the secret regions and the sovereign cloud have other partitions and other
 * names of endpoints. Numbers are not checked: AWS adds regions.
 */
const REGION = /^(us|us-gov|eu|ap|ca|sa|me|af|il|mx)-(central|(north|south)(east|west)?|east|west)-[1-9]$/;

/** Throws EKS_REGION for what is no commercial or GovCloud region. */
export function assertRegionName(scope: ErrorScope, region: string): void {
  if (REGION.test(region)) return;
  throw new ConfigurationError(
    "EKS_REGION",
    scope,
    `region must be a commercial or GovCloud region of AWS, like eu-west-1, no zone, got '${region}'; choose one`,
  );
}

/** `aws` or `aws-us-gov`, by region. Other partitions are refused: their endpoints have other names. */
export function partitionOf(region: string): string {
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** ARN of a policy that AWS manages. */
export function managedPolicyArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${name}`;
}

/** ARN of an EKS access policy, which is no IAM policy. */
export function accessPolicyArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${name}`;
}

function clusterArn(scope: AwsScope, cluster: string): string {
  return `arn:${partitionOf(scope.region)}:eks:${scope.region}:${scope.account}:cluster/${cluster}`;
}

/** ARN of a key alias. EC2 takes it wherever it takes a key. */
export function keyAliasArn(scope: AwsScope, alias: string): string {
  return `arn:${partitionOf(scope.region)}:kms:${scope.region}:${scope.account}:${alias}`;
}

/** Alias of the key that encrypts volumes made from the host's StorageClass. */
export function volumeKeyAlias(cluster: string): string {
  return `alias/tenclave/${cluster}/volumes`;
}

/**
 * Name of an IAM role. IAM is global in an account, so the region is part of it; dots keep parts apart that may hold
 * dashes themselves.
 */
export function iamName(region: string, ...parts: string[]): string {
  return fitted(["tenclave", region, ...parts].join("."), 64);
}

/** ARN of a role of this account, by its name. */
export function roleArn(scope: AwsScope, name: string): string {
  return `arn:${partitionOf(scope.region)}:iam::${scope.account}:role/${name}`;
}

/** Name of the role of a pool's nodes. Enclaves of these nodes carry its digest in their evidence. */
export function nodeRoleName(region: string, host: string, pool: string): string {
  return iamName(region, host, pool, "node");
}

/** Name of the role of the EBS CSI driver. */
export function driverRoleName(region: string, host: string): string {
  return iamName(region, host, "ebs-csi");
}

type Statement = Readonly<Record<string, unknown>>;

/** A policy document. */
export function policy(...statements: Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Trust policy: one service may assume the role, when the conditions hold. */
export function assumedBy(service: string, actions: string[], condition?: Statement): string {
  return policy({
    Effect: "Allow",
    Principal: { Service: service },
    Action: actions,
    ...(condition ? { Condition: condition } : {}),
  });
}

/**
 * Trust policy of a role that one service account of one cluster gets by EKS Pod Identity.
 * SOURCE: Amazon EKS User Guide, Pod Identity session tags.
 */
export function assumedByPods(
  scope: AwsScope,
  cluster: string,
  namespace: string,
  serviceAccount: string,
): string {
  return assumedBy("pods.eks.amazonaws.com", ["sts:AssumeRole", "sts:TagSession"], {
    StringEquals: {
      "aws:RequestTag/eks-cluster-arn": clusterArn(scope, cluster),
      "aws:RequestTag/kubernetes-namespace": namespace,
      "aws:RequestTag/kubernetes-service-account": serviceAccount,
    },
  });
}

/** Stands for the account: who of it may do what is up to its IAM policies. */
export function accountRoot(scope: AwsScope): string {
  return `arn:${partitionOf(scope.region)}:iam::${scope.account}:root`;
}

/** What managing a key takes. Nothing of it encrypts, decrypts or hands the key on. */
export const KEY_ADMINISTRATION: readonly string[] = [
  "kms:CancelKeyDeletion",
  "kms:CreateAlias",
  "kms:DeleteAlias",
  "kms:Describe*",
  "kms:DisableKey",
  "kms:EnableKey",
  "kms:EnableKeyRotation",
  "kms:Get*",
  "kms:List*",
  "kms:PutKeyPolicy",
  "kms:RevokeGrant",
  "kms:RotateKeyOnDemand",
  "kms:ScheduleKeyDeletion",
  "kms:TagResource",
  "kms:UntagResource",
  "kms:UpdateAlias",
  "kms:UpdateKeyDescription",
];

/**
 * The account's administrators may manage a key. They may not encrypt or decrypt with it, unless they first change its
 * policy, which CloudTrail records.
 */
function administration(scope: AwsScope): Statement {
  return {
    Sid: "Administration",
    Effect: "Allow",
    Principal: { AWS: accountRoot(scope) },
    Action: [...KEY_ADMINISTRATION],
    Resource: "*",
  };
}

const USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];

/**
 * Key that encrypts Kubernetes secrets: only the cluster's role uses it. Whoever creates the cluster hands it to EKS by
 * grant, without the GrantIsForAWSResource condition: cluster creation fails with it (SOURCE: Amazon EKS User Guide,
 * envelope encryption, 2024-12). So an administrator who may call kms:CreateGrant could grant it to himself, too.
 */
export function secretsKeyPolicy(scope: AwsScope, clusterRoleArn: string): string {
  return policy(
    administration(scope),
    {
      Sid: "Creator",
      Effect: "Allow",
      Principal: { AWS: accountRoot(scope) },
      Action: ["kms:CreateGrant"],
      Resource: "*",
    },
    {
      Sid: "Cluster",
      Effect: "Allow",
      Principal: { AWS: clusterRoleArn },
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"],
      Resource: "*",
    },
  );
}

/** Key that encrypts one log group: only CloudWatch Logs uses it, and only for that group. */
export function logsKeyPolicy(scope: AwsScope, logGroup: string): string {
  return policy(administration(scope), {
    Sid: "CloudWatchLogs",
    Effect: "Allow",
    Principal: { Service: `logs.${scope.region}.amazonaws.com` },
    Action: USE,
    Resource: "*",
    Condition: {
      ArnEquals: {
        "kms:EncryptionContext:aws:logs:arn": `arn:${partitionOf(scope.region)}:logs:${scope.region}:${scope.account}:log-group:${logGroup}`,
      },
    },
  });
}

/**
 * Key of nodes' root volumes: Auto Scaling starts the instances, so its service-linked role needs the key, with
 * CreateGrant; without it instances die at launch with a client error (SOURCE: EC2 Auto Scaling guide, required KMS
 * key policy for encrypted volumes).
 */
export function rootVolumeKeyPolicy(scope: AwsScope): string {
  // By condition, not as principal: the role exists only after an account's first Auto Scaling group, and KMS refuses a
  // policy that names a principal it cannot find.
  const autoScaling = {
    StringEquals: {
      "kms:CallerAccount": scope.account,
      "aws:PrincipalArn": `arn:${partitionOf(scope.region)}:iam::${scope.account}:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling`,
    },
  };
  return policy(
    administration(scope),
    {
      Sid: "AutoScaling",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: USE,
      Resource: "*",
      Condition: autoScaling,
    },
    {
      Sid: "AutoScalingGrant",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["kms:CreateGrant"],
      Resource: "*",
      Condition: { ...autoScaling, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}

/** Throws EKS_KEY unless the text is the ARN of a KMS key, no alias, in the region. */
export function assertKeyArn(scope: ErrorScope, prop: string, region: string, arn: string | undefined): void {
  if (
    arn === undefined ||
    new RegExp(`^arn:${partitionOf(region)}:kms:${region}:\\d{12}:key/[-0-9a-z]+$`).test(arn)
  )
    return;
  throw new ConfigurationError(
    "EKS_KEY",
    scope,
    `${prop} must be the ARN of a KMS key in ${region}, like arn:${partitionOf(region)}:kms:${region}:123456789012:key/…, got '${arn}'; ` +
      "copy it from the console, or leave it out for a key of the library's own",
  );
}

/** What the CSI driver's role may do with a key it was given: the key's own policy must leave that to IAM. */
export function givenVolumesKeyPolicy(keyArn: string): string {
  return policy(
    { Sid: "Use", Effect: "Allow", Action: USE, Resource: keyArn },
    {
      Sid: "Grant",
      Effect: "Allow",
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: keyArn,
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}

/** Key of persistent volumes: only the CSI driver's role uses it, through EC2. */
export function volumesKeyPolicy(scope: AwsScope, driverRoleArn: string): string {
  return policy(
    administration(scope),
    { Sid: "Driver", Effect: "Allow", Principal: { AWS: driverRoleArn }, Action: USE, Resource: "*" },
    {
      Sid: "DriverGrant",
      Effect: "Allow",
      Principal: { AWS: driverRoleArn },
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: "*",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}

/**
 * Key of one tenant's volumes: only the CSI driver's role uses it, only through EC2, and a grant is for EC2 alone. The
 * driver itself decrypts nothing with it. Shape as AWS' own policy of `aws/ebs`.
 * SOURCE: Amazon EBS User Guide, Requirements for Amazon EBS encryption, 2026; AWS KMS Developer Guide, kms:ViaService.
 */
export function tenantVolumesKeyPolicy(scope: AwsScope, driverRoleArn: string): string {
  const throughEc2 = { "kms:ViaService": `ec2.${scope.region}.amazonaws.com` };
  return policy(
    administration(scope),
    {
      Sid: "Driver",
      Effect: "Allow",
      Principal: { AWS: driverRoleArn },
      Action: USE,
      Resource: "*",
      Condition: { StringEquals: throughEc2 },
    },
    {
      Sid: "DriverGrant",
      Effect: "Allow",
      Principal: { AWS: driverRoleArn },
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Resource: "*",
      Condition: { StringEquals: throughEc2, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  );
}
