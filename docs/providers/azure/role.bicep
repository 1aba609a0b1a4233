targetScope = 'subscription'

@description('Object id of the service principal that Varve signs in as, not its application id')
param varveObjectId string

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'varve-capture')
  properties: {
    roleName: 'varve-capture'
    description: 'Varve: snapshots of disks of virtual machines, read and removed again'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Authorization/permissions/read'
          'Microsoft.Compute/disks/beginGetAccess/action'
          'Microsoft.Compute/disks/read'
          'Microsoft.Compute/locations/diskOperations/read'
          'Microsoft.Compute/snapshots/beginGetAccess/action'
          'Microsoft.Compute/snapshots/delete'
          'Microsoft.Compute/snapshots/endGetAccess/action'
          'Microsoft.Compute/snapshots/read'
          'Microsoft.Compute/snapshots/write'
          'Microsoft.Compute/virtualMachines/read'
        ]
        dataActions: [
          'Microsoft.Compute/snapshots/download/action'
        ]
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, varveObjectId, 'varve-capture')
  properties: {
    principalId: varveObjectId
    principalType: 'ServicePrincipal'
    roleDefinitionId: role.id
  }
}
