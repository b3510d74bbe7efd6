// What somebody has already: a plain cdktf stack with a VPC, a cluster and a key, made without this library. Only ids.
export const LEGACY = {
  region: "eu-west-1",
  account: "123456789012",
  vpcId: "vpc-0a1b2c3d4e5f60718",
  vpcCidr: "10.80.0.0/16",
  privateSubnetIds: ["subnet-0aaa1111bbb22222c", "subnet-0ddd3333eee44444f"],
  keyArn: "arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555",
} as const;
