package io.varve.provider.azure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Collectors;

/// The rights of [Feature]s as a custom role: for `az role definition create`, Terraform and Bicep.
final class Policies {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String NAME = "varve-capture";
    private static final String ABOUT = "Varve: snapshots of disks of virtual machines, read and removed again";

    private Policies() {}

    private static List<String> actions(List<Feature> features) {
        return features.stream()
                .flatMap(feature -> feature.actions().stream())
                .distinct()
                .sorted()
                .toList();
    }

    private static List<String> dataActions(List<Feature> features) {
        return features.stream()
                .flatMap(feature -> feature.dataActions().stream())
                .distinct()
                .sorted()
                .toList();
    }

    /// With a place for the subscription's id.
    static String json(List<Feature> features) {
        ObjectNode role =
                JSON.createObjectNode().put("Name", NAME).put("IsCustom", true).put("Description", ABOUT);
        actions(features).forEach(role.putArray("Actions")::add);
        role.putArray("NotActions");
        dataActions(features).forEach(role.putArray("DataActions")::add);
        role.putArray("NotDataActions");
        role.putArray("AssignableScopes").add("/subscriptions/SUBSCRIPTION-ID");
        try {
            return JSON.writeValueAsString(role) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The role in a subscription, and its assignment to Varve's application.
    static String terraform(List<Feature> features) {
        return """
                variable "subscription_id" {
                  type = string
                }

                variable "varve_object_id" {
                  description = "Object id of the service principal that Varve signs in as, not its application id"
                  type        = string
                }

                resource "azurerm_role_definition" "varve" {
                  name        = "%s"
                  description = "%s"
                  scope       = "/subscriptions/${var.subscription_id}"

                  permissions {
                    actions = [
                %s
                    ]
                    data_actions = [
                %s
                    ]
                  }

                  assignable_scopes = ["/subscriptions/${var.subscription_id}"]
                }

                resource "azurerm_role_assignment" "varve" {
                  scope              = "/subscriptions/${var.subscription_id}"
                  role_definition_id = azurerm_role_definition.varve.role_definition_resource_id
                  principal_id       = var.varve_object_id
                }
                """.formatted(NAME, ABOUT, lines(actions(features), "\"", ","), lines(dataActions(features), "\"", ","));
    }

    /// The same for `az deployment sub create`, or a management group's deployment stack.
    static String bicep(List<Feature> features) {
        return """
                targetScope = 'subscription'

                @description('Object id of the service principal that Varve signs in as, not its application id')
                param varveObjectId string

                resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
                  name: guid(subscription().id, '%1$s')
                  properties: {
                    roleName: '%1$s'
                    description: '%2$s'
                    type: 'CustomRole'
                    permissions: [
                      {
                        actions: [
                %3$s
                        ]
                        dataActions: [
                %4$s
                        ]
                      }
                    ]
                    assignableScopes: [
                      subscription().id
                    ]
                  }
                }

                resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
                  name: guid(subscription().id, varveObjectId, '%1$s')
                  properties: {
                    principalId: varveObjectId
                    principalType: 'ServicePrincipal'
                    roleDefinitionId: role.id
                  }
                }
                """.formatted(NAME, ABOUT, lines(actions(features), "'", ""), lines(dataActions(features), "'", ""));
    }

    private static String lines(List<String> items, String quote, String end) {
        String pad = quote.equals("'") ? " ".repeat(10) : " ".repeat(6);
        return items.stream().map(item -> pad + quote + item + quote + end).collect(Collectors.joining("\n"));
    }
}
