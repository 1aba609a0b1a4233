variable "varve_principal" {
  description = "ARN of the user or role that Varve signs in with"
  type        = string
}

variable "external_id" {
  type      = string
  sensitive = true
}

data "aws_iam_policy_document" "varve_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.varve_principal]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [var.external_id]
    }
  }
}

resource "aws_iam_role" "varve" {
  name                 = "varve-capture"
  assume_role_policy   = data.aws_iam_policy_document.varve_trust.json
  max_session_duration = 3600
}

data "aws_iam_policy_document" "varve" {
  statement {
    sid       = "CaptureLook"
    actions   = ["autoscaling:DescribeAutoScalingInstances", "ec2:DescribeInstanceAttribute", "ec2:DescribeInstances", "ec2:DescribeRegions", "ec2:DescribeSnapshots", "ec2:DescribeVolumes"]
    resources = ["*"]
  }
  statement {
    sid       = "CaptureSnapshotOf"
    actions   = ["ec2:CreateSnapshots"]
    resources = ["arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:*:*:volume/*"]
  }
  statement {
    sid       = "CaptureTaggedSnapshotsOnly"
    actions   = ["ec2:CreateSnapshots"]
    resources = ["arn:aws:ec2:*::snapshot/*"]
    condition {
      test     = "Null"
      variable = "aws:RequestTag/varve-capture"
      values   = ["false"]
    }
  }
  statement {
    sid       = "CaptureTagWhileCreating"
    actions   = ["ec2:CreateTags"]
    resources = ["arn:aws:ec2:*::snapshot/*"]
    condition {
      test     = "StringEquals"
      variable = "ec2:CreateAction"
      values   = ["CreateSnapshots"]
    }
  }
  statement {
    sid       = "CaptureOwnSnapshots"
    actions   = ["ebs:GetSnapshotBlock", "ebs:ListSnapshotBlocks", "ec2:DeleteSnapshot"]
    resources = ["arn:aws:ec2:*::snapshot/*"]
    condition {
      test     = "Null"
      variable = "aws:ResourceTag/varve-capture"
      values   = ["false"]
    }
  }
  statement {
    sid       = "ProtectProtect"
    actions   = ["autoscaling:SetInstanceProtection", "ec2:ModifyInstanceAttribute"]
    resources = ["*"]
  }
  statement {
    sid       = "EncryptedKeys"
    actions   = ["kms:Decrypt", "kms:DescribeKey"]
    resources = ["arn:aws:kms:*:*:key/*"]
  }
  statement {
    sid       = "LogsRead"
    actions   = ["cloudtrail:LookupEvents", "ec2:DescribeFlowLogs", "ec2:DescribeNetworkInterfaces", "ec2:GetConsoleOutput", "guardduty:GetFindings", "guardduty:ListDetectors", "guardduty:ListFindings", "logs:FilterLogEvents", "ssm:ListCommands"]
    resources = ["*"]
  }
  statement {
    sid       = "CheckLookAtOwnRights"
    actions   = ["iam:SimulatePrincipalPolicy"]
    resources = ["arn:aws:iam::*:role/varve-*"]
  }
}

resource "aws_iam_role_policy" "varve" {
  name   = "varve-capture"
  role   = aws_iam_role.varve.id
  policy = data.aws_iam_policy_document.varve.json
}

output "role_arn" {
  value = aws_iam_role.varve.arn
}
