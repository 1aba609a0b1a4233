variable "subscription_id" {
  type = string
}

variable "varve_object_id" {
  description = "Object id of the service principal that Varve signs in as, not its application id"
  type        = string
}

resource "azurerm_role_definition" "varve" {
  name        = "varve-capture"
  description = "Varve: snapshots of disks of virtual machines, read and removed again"
  scope       = "/subscriptions/${var.subscription_id}"

  permissions {
    actions = [
      "Microsoft.Authorization/permissions/read",
      "Microsoft.Compute/disks/beginGetAccess/action",
      "Microsoft.Compute/disks/read",
      "Microsoft.Compute/locations/diskOperations/read",
      "Microsoft.Compute/snapshots/beginGetAccess/action",
      "Microsoft.Compute/snapshots/delete",
      "Microsoft.Compute/snapshots/endGetAccess/action",
      "Microsoft.Compute/snapshots/read",
      "Microsoft.Compute/snapshots/write",
      "Microsoft.Compute/virtualMachines/read",
    ]
    data_actions = [
      "Microsoft.Compute/snapshots/download/action",
    ]
  }

  assignable_scopes = ["/subscriptions/${var.subscription_id}"]
}

resource "azurerm_role_assignment" "varve" {
  scope              = "/subscriptions/${var.subscription_id}"
  role_definition_id = azurerm_role_definition.varve.role_definition_resource_id
  principal_id       = var.varve_object_id
}
