package io.varve.provider.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.aws.Feature.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The rights of [Feature]s as documents that AWS, Terraform and CloudFormation take.
final class Policies {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Policies() {}

    /// An IAM policy document.
    static String json(List<Feature> features) {
        ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
        ArrayNode statements = policy.putArray("Statement");
        for (Feature feature : features) {
            for (Statement statement : feature.statements()) {
                ObjectNode node = statements
                        .addObject()
                        .put("Sid", sid(feature, statement))
                        .put("Effect", "Allow");
                statement.actions().forEach(node.putArray("Action")::add);
                statement.resources().forEach(node.putArray("Resource")::add);
                if (!statement.conditions().isEmpty()) {
                    node.set("Condition", JSON.valueToTree(sorted(statement.conditions())));
                }
            }
        }
        try {
            return JSON.writeValueAsString(policy) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Map<String, List<String>>> sorted(Map<String, Map<String, List<String>>> conditions) {
        return new TreeMap<>(conditions);
    }

    private static String sid(Feature feature, Statement statement) {
        String name = feature.name().toLowerCase(Locale.ROOT);
        return Character.toUpperCase(name.charAt(0)) + name.substring(1) + statement.sid();
    }

    /// A role that Varve's account assumes with an external id, with these rights.
    static String terraform(List<Feature> features) {
        var text = new StringBuilder("""
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
                """);
        for (Feature feature : features) {
            for (Statement statement : feature.statements()) {
                text.append("  statement {\n    sid       = \"%s\"\n".formatted(sid(feature, statement)));
                text.append("    actions   = %s\n".formatted(list(statement.actions())));
                text.append("    resources = %s\n".formatted(list(statement.resources())));
                sorted(statement.conditions())
                        .forEach((test, keys) -> new TreeMap<>(keys)
                                .forEach((variable, values) ->
                                        text.append("""
                                            condition {
                                              test     = "%s"
                                              variable = "%s"
                                              values   = %s
                                            }
                                        """.formatted(test, variable, list(values)))));
                text.append("  }\n");
            }
        }
        return text.append("""
                }

                resource "aws_iam_role_policy" "varve" {
                  name   = "varve-capture"
                  role   = aws_iam_role.varve.id
                  policy = data.aws_iam_policy_document.varve.json
                }

                output "role_arn" {
                  value = aws_iam_role.varve.arn
                }
                """).toString();
    }

    /// The same role as a stack, for one account or a stack set over an organisation.
    static String cloudFormation(List<Feature> features) {
        var text = new StringBuilder("""
                AWSTemplateFormatVersion: "2010-09-09"
                Description: Role that Varve captures disks with
                Parameters:
                  VarvePrincipal:
                    Type: String
                    Description: ARN of the user or role that Varve signs in with
                  ExternalId:
                    Type: String
                    NoEcho: true
                Resources:
                  VarveRole:
                    Type: AWS::IAM::Role
                    Properties:
                      RoleName: varve-capture
                      MaxSessionDuration: 3600
                      AssumeRolePolicyDocument:
                        Version: "2012-10-17"
                        Statement:
                          - Effect: Allow
                            Action: sts:AssumeRole
                            Principal:
                              AWS: !Ref VarvePrincipal
                            Condition:
                              StringEquals:
                                sts:ExternalId: !Ref ExternalId
                      Policies:
                        - PolicyName: varve-capture
                          PolicyDocument:
                            Version: "2012-10-17"
                            Statement:
                """);
        for (Feature feature : features) {
            for (Statement statement : feature.statements()) {
                String pad = " ".repeat(16);
                text.append(pad + "- Sid: " + sid(feature, statement) + "\n" + pad + "  Effect: Allow\n");
                text.append(pad + "  Action: " + list(statement.actions()) + "\n");
                text.append(pad + "  Resource: " + list(statement.resources()) + "\n");
                if (!statement.conditions().isEmpty()) {
                    text.append(pad + "  Condition:\n");
                }
                sorted(statement.conditions()).forEach((test, keys) -> {
                    text.append(pad + "    " + test + ":\n");
                    new TreeMap<>(keys)
                            .forEach((variable, values) ->
                                    text.append(pad + "      \"" + variable + "\": " + list(values) + "\n"));
                });
            }
        }
        return text.append("""
                Outputs:
                  RoleArn:
                    Value: !GetAtt VarveRole.Arn
                """).toString();
    }

    private static String list(List<String> items) {
        return items.stream().map(item -> "\"" + item + "\"").collect(Collectors.joining(", ", "[", "]"));
    }
}
