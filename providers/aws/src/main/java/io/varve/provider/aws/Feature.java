package io.varve.provider.aws;

import java.util.List;
import java.util.Map;

/// What Varve can do in an account, and the least it has to be allowed for that.
enum Feature {
    /// Snapshots of an instance's volumes, read where they are, removed afterwards.
    CAPTURE(
            "capture disks of instances",
            List.of(
                    new Statement(
                            "Look",
                            List.of(
                                    "autoscaling:DescribeAutoScalingInstances",
                                    "ec2:DescribeInstanceAttribute",
                                    "ec2:DescribeInstances",
                                    "ec2:DescribeRegions",
                                    "ec2:DescribeSnapshots",
                                    "ec2:DescribeVolumes"),
                            List.of("*"),
                            Map.of()),
                    new Statement(
                            "SnapshotOf",
                            List.of("ec2:CreateSnapshots"),
                            List.of("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"),
                            Map.of()),
                    new Statement(
                            "TaggedSnapshotsOnly",
                            List.of("ec2:CreateSnapshots"),
                            List.of("arn:aws:ec2:*::snapshot/*"),
                            Map.of("Null", Map.of("aws:RequestTag/" + Snapshots.TAG, List.of("false")))),
                    new Statement(
                            "TagWhileCreating",
                            List.of("ec2:CreateTags"),
                            List.of("arn:aws:ec2:*::snapshot/*"),
                            Map.of("StringEquals", Map.of("ec2:CreateAction", List.of("CreateSnapshots")))),
                    new Statement(
                            "OwnSnapshots",
                            List.of("ebs:GetSnapshotBlock", "ebs:ListSnapshotBlocks", "ec2:DeleteSnapshot"),
                            List.of("arn:aws:ec2:*::snapshot/*"),
                            Map.of("Null", Map.of("aws:ResourceTag/" + Snapshots.TAG, List.of("false")))))),
    /// Termination and scale-in protection for the time of a capture.
    PROTECT(
            "keep instances from being removed during a capture",
            List.of(new Statement(
                    "Protect",
                    List.of("autoscaling:SetInstanceProtection", "ec2:ModifyInstanceAttribute"),
                    List.of("*"),
                    Map.of()))),
    /// Volumes under customers' keys.
    ENCRYPTED(
            "read encrypted volumes",
            List.of(new Statement(
                    "Keys", List.of("kms:Decrypt", "kms:DescribeKey"), List.of("arn:aws:kms:*:*:key/*"), Map.of()))),
    /// The account that snapshots are copied from.
    SHARE(
            "share snapshots with a forensic account",
            List.of(new Statement(
                    "ShareOwn",
                    List.of("ec2:ModifySnapshotAttribute"),
                    List.of("arn:aws:ec2:*::snapshot/*"),
                    Map.of("Null", Map.of("aws:ResourceTag/" + Snapshots.TAG, List.of("false")))))),
    /// The account that snapshots are copied to.
    RECEIVE(
            "copy snapshots into a forensic account",
            List.of(
                    new Statement("Look", List.of("ec2:DescribeSnapshots"), List.of("*"), Map.of()),
                    new Statement("Copy", List.of("ec2:CopySnapshot"), List.of("arn:aws:ec2:*::snapshot/*"), Map.of()),
                    new Statement(
                            "TagWhileCopying",
                            List.of("ec2:CreateTags"),
                            List.of("arn:aws:ec2:*::snapshot/*"),
                            Map.of("StringEquals", Map.of("ec2:CreateAction", List.of("CopySnapshot")))),
                    new Statement(
                            "OwnCopies",
                            List.of("ebs:GetSnapshotBlock", "ebs:ListSnapshotBlocks", "ec2:DeleteSnapshot"),
                            List.of("arn:aws:ec2:*::snapshot/*"),
                            Map.of("Null", Map.of("aws:ResourceTag/" + Snapshots.TAG, List.of("false")))),
                    new Statement(
                            "Keys",
                            List.of(
                                    "kms:CreateGrant",
                                    "kms:Decrypt",
                                    "kms:DescribeKey",
                                    "kms:GenerateDataKeyWithoutPlaintext",
                                    "kms:ReEncryptFrom",
                                    "kms:ReEncryptTo"),
                            List.of("arn:aws:kms:*:*:key/*"),
                            Map.of()))),
    /// Live instances, over SSM and a bucket.
    TRIAGE(
            "look into live instances over SSM",
            List.of(
                    new Statement("Agents", List.of("ssm:DescribeInstanceInformation"), List.of("*"), Map.of()),
                    new Statement(
                            "OwnDocumentsOfAwsOnly",
                            List.of("ssm:SendCommand"),
                            List.of(
                                    "arn:aws:ec2:*:*:instance/*",
                                    "arn:aws:ssm:*:*:document/AWS-RunPowerShellScript",
                                    "arn:aws:ssm:*:*:document/AWS-RunShellScript"),
                            Map.of()),
                    new Statement(
                            "Commands",
                            List.of("ssm:CancelCommand", "ssm:GetCommandInvocation"),
                            List.of("*"),
                            Map.of()),
                    new Statement(
                            "Relay",
                            List.of("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
                            List.of("arn:aws:s3:::RELAY-BUCKET/" + S3Relay.PREFIX + "*"),
                            Map.of()),
                    new Statement(
                            "RelayList",
                            List.of("s3:ListBucket"),
                            List.of("arn:aws:s3:::RELAY-BUCKET"),
                            Map.of("StringLike", Map.of("s3:prefix", List.of(S3Relay.PREFIX + "*")))))),
    /// What an account logged of an instance.
    LOGS(
            "read what the account logged",
            List.of(new Statement(
                    "Read",
                    List.of(
                            "cloudtrail:LookupEvents",
                            "ec2:DescribeFlowLogs",
                            "ec2:DescribeNetworkInterfaces",
                            "ec2:GetConsoleOutput",
                            "guardduty:GetFindings",
                            "guardduty:ListDetectors",
                            "guardduty:ListFindings",
                            "logs:FilterLogEvents",
                            "ssm:ListCommands"),
                    List.of("*"),
                    Map.of()))),
    /// Objects of buckets.
    OBJECTS(
            "capture objects of buckets",
            List.of(new Statement(
                    "Read",
                    List.of(
                            "s3:GetObject",
                            "s3:GetObjectVersion",
                            "s3:ListAllMyBuckets",
                            "s3:ListBucket",
                            "s3:ListBucketVersions"),
                    List.of("*"),
                    Map.of()))),
    /// Flow logs in a bucket, beside [#LOGS].
    FLOWS(
            "read flow logs that go to a bucket",
            List.of(
                    new Statement("Read", List.of("s3:GetObject"), List.of("arn:aws:s3:::FLOW-LOG-BUCKET/*"), Map.of()),
                    new Statement(
                            "List", List.of("s3:ListBucket"), List.of("arn:aws:s3:::FLOW-LOG-BUCKET"), Map.of()))),
    /// Functions of Lambda, beside [#LOGS].
    FUNCTIONS(
            "capture functions of Lambda",
            List.of(
                    new Statement(
                            "List",
                            List.of("lambda:ListEventSourceMappings", "lambda:ListFunctions"),
                            List.of("*"),
                            Map.of()),
                    new Statement(
                            "Read",
                            List.of(
                                    "lambda:GetFunction",
                                    "lambda:GetFunctionConcurrency",
                                    "lambda:GetPolicy",
                                    "lambda:ListAliases",
                                    "lambda:ListFunctionEventInvokeConfigs",
                                    "lambda:ListFunctionUrlConfigs",
                                    "lambda:ListProvisionedConcurrencyConfigs",
                                    "lambda:ListTags",
                                    "lambda:ListVersionsByFunction"),
                            List.of("arn:aws:lambda:*:*:function:*"),
                            Map.of()),
                    new Statement(
                            "Layers",
                            List.of("lambda:GetLayerVersion"),
                            List.of("arn:aws:lambda:*:*:layer:*:*"),
                            Map.of()))),
    /// Containers of ECS tasks, by exec.
    CONTAINERS(
            "capture containers of ECS tasks",
            List.of(
                    new Statement(
                            "Look",
                            List.of(
                                    "ecs:DescribeServices",
                                    "ecs:DescribeTaskDefinition",
                                    "ecs:DescribeTasks",
                                    "ecs:ListClusters",
                                    "ecs:ListTasks"),
                            List.of("*"),
                            Map.of()),
                    new Statement(
                            "Exec",
                            List.of("ecs:ExecuteCommand"),
                            List.of("arn:aws:ecs:*:*:cluster/*", "arn:aws:ecs:*:*:task/*"),
                            Map.of()),
                    new Statement(
                            "Protect",
                            List.of("ecs:GetTaskProtection", "ecs:UpdateTaskProtection"),
                            List.of("arn:aws:ecs:*:*:task/*"),
                            Map.of()))),
    /// The look at every right on the integrations page.
    CHECK(
            "see which rights are granted",
            List.of(new Statement(
                    "LookAtOwnRights",
                    List.of("iam:SimulatePrincipalPolicy"),
                    List.of("arn:aws:iam::*:role/varve-*"),
                    Map.of())));

    private final String purpose;
    private final List<Statement> statements;

    Feature(String purpose, List<Statement> statements) {
        this.purpose = purpose;
        this.statements = statements;
    }

    /// One statement of a policy; all of them allow.
    ///
    /// @param conditions values by condition key by operator
    record Statement(
            String sid,
            List<String> actions,
            List<String> resources,
            Map<String, Map<String, List<String>>> conditions) {}

    /// Ends the sentence "needed to …".
    String purpose() {
        return purpose;
    }

    List<Statement> statements() {
        return statements;
    }

    List<String> actions() {
        return statements.stream()
                .flatMap(statement -> statement.actions().stream())
                .distinct()
                .sorted()
                .toList();
    }
}
