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

    /// A role of its own beside the usual one.
    ///
    /// @param scope where it is made, and assigned
    record Role(String name, String about, String scope, List<Feature> features) {}

    static final Role TRIAGE = new Role(
            "varve-triage",
            "Varve: its collector, run on live machines by Run Command",
            "/subscriptions/SUBSCRIPTION-ID",
            List.of(Feature.TRIAGE));
    static final Role RELAY = new Role(
            "varve-relay",
            "Varve: blobs that what was collected on live machines passes through; assign it on one storage account",
            "/subscriptions/SUBSCRIPTION-ID/resourceGroups/RELAY-GROUP",
            List.of(Feature.RELAY));
    static final Role LOGS = new Role(
            "varve-logs",
            "Varve: the activity log, the serial console's log of machines, and which flow logs there are",
            "/subscriptions/SUBSCRIPTION-ID",
            List.of(Feature.LOGS, Feature.SIGN_INS));
    static final Role FLOWS = new Role(
            "varve-flows",
            "Varve: flow logs, read; assign it on the storage accounts that they go to",
            "/subscriptions/SUBSCRIPTION-ID/resourceGroups/FLOWS-GROUP",
            List.of(Feature.FLOWS));

    static final Role OBJECTS = new Role(
            "varve-objects",
            "Varve: blobs of containers, read",
            "/subscriptions/SUBSCRIPTION-ID",
            List.of(Feature.OBJECTS));

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
        return json(new Role(NAME, ABOUT, "/subscriptions/SUBSCRIPTION-ID", features));
    }

    static String json(Role role) {
        ObjectNode definition = JSON.createObjectNode()
                .put("Name", role.name())
                .put("IsCustom", true)
                .put("Description", role.about());
        actions(role.features()).forEach(definition.putArray("Actions")::add);
        definition.putArray("NotActions");
        dataActions(role.features()).forEach(definition.putArray("DataActions")::add);
        definition.putArray("NotDataActions");
        definition.putArray("AssignableScopes").add(role.scope());
        try {
            return JSON.writeValueAsString(definition) + "\n";
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
