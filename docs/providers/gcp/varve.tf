variable "forensic_project" {
  type = string
}

variable "source_projects" {
  description = "Ids of the projects whose instances may be captured"
  type        = set(string)
}

variable "bucket" {
  description = "Name of the staging bucket that is made"
  type        = string
}

variable "location" {
  description = "Of the bucket: near the instances"
  type        = string
}

variable "logs" {
  description = "Whether logs about instances may be captured, too"
  type        = bool
  default     = false
}

variable "objects" {
  description = "Whether objects of buckets may be captured, too"
  type        = bool
  default     = false
}

resource "google_service_account" "varve" {
  project      = var.forensic_project
  account_id   = "varve-capture"
  display_name = "Varve: captures"
}

resource "google_service_account" "exporter" {
  project      = var.forensic_project
  account_id   = "varve-exporter"
  display_name = "Varve: Cloud Build and the exporter's machine"
}

resource "google_project_iam_custom_role" "source" {
  for_each    = var.source_projects
  project     = each.value
  role_id     = "varveSource"
  title       = "Varve: source project"
  permissions = [
    "compute.disks.createSnapshot",
    "compute.disks.get",
    "compute.disks.update",
    "compute.globalOperations.get",
    "compute.instances.get",
    "compute.instances.list",
    "compute.instances.setDeletionProtection",
    "compute.instances.setDiskAutoDelete",
    "compute.snapshots.create",
    "compute.snapshots.delete",
    "compute.snapshots.get",
    "compute.snapshots.list",
    "compute.snapshots.setLabels",
    "compute.snapshots.useReadOnly",
    "compute.zoneOperations.get"
  ]
}

resource "google_project_iam_member" "source" {
  for_each = var.source_projects
  project  = each.value
  role     = google_project_iam_custom_role.source[each.value].id
  member   = google_service_account.varve.member
}

resource "google_project_iam_custom_role" "logs" {
  for_each    = var.logs ? var.source_projects : []
  project     = each.value
  role_id     = "varveLogs"
  title       = "Varve: logs"
  permissions = [
    "compute.instances.getSerialPortOutput",
    "logging.logEntries.list",
    "logging.privateLogEntries.list"
  ]
}

resource "google_project_iam_member" "logs" {
  for_each = var.logs ? var.source_projects : []
  project  = each.value
  role     = google_project_iam_custom_role.logs[each.value].id
  member   = google_service_account.varve.member
}

resource "google_project_iam_custom_role" "objects" {
  for_each    = var.objects ? var.source_projects : []
  project     = each.value
  role_id     = "varveObjects"
  title       = "Varve: objects of buckets"
  permissions = [
    "storage.buckets.list",
    "storage.objects.get",
    "storage.objects.list"
  ]
}

resource "google_project_iam_member" "objects" {
  for_each = var.objects ? var.source_projects : []
  project  = each.value
  role     = google_project_iam_custom_role.objects[each.value].id
  member   = google_service_account.varve.member
}

resource "google_project_iam_custom_role" "forensic" {
  project     = var.forensic_project
  role_id     = "varveForensic"
  title       = "Varve: forensic project"
  permissions = [
    "cloudbuild.builds.create",
    "cloudbuild.builds.get",
    "cloudbuild.builds.list",
    "cloudbuild.builds.update",
    "compute.disks.delete",
    "compute.disks.list",
    "compute.globalOperations.get",
    "compute.images.create",
    "compute.images.delete",
    "compute.images.get",
    "compute.images.list",
    "compute.images.setLabels",
    "compute.instances.delete",
    "compute.instances.list",
    "compute.zoneOperations.get"
  ]
}

resource "google_project_iam_member" "forensic" {
  project = var.forensic_project
  role    = google_project_iam_custom_role.forensic.id
  member  = google_service_account.varve.member
}

resource "google_project_iam_custom_role" "bucket" {
  project     = var.forensic_project
  role_id     = "varveBucket"
  title       = "Varve: staging bucket"
  permissions = [
    "storage.objects.delete",
    "storage.objects.get",
    "storage.objects.list"
  ]
}

resource "google_storage_bucket" "staging" {
  project                     = var.forensic_project
  name                        = var.bucket
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  soft_delete_policy {
    retention_duration_seconds = 0
  }
  lifecycle_rule {
    condition {
      age = 14
    }
    action {
      type = "Delete"
    }
  }
}

resource "google_storage_bucket_iam_member" "varve" {
  bucket = google_storage_bucket.staging.name
  role   = google_project_iam_custom_role.bucket.id
  member = google_service_account.varve.member
}

resource "google_storage_bucket_iam_member" "exporter" {
  bucket = google_storage_bucket.staging.name
  role   = "roles/storage.admin"
  member = google_service_account.exporter.member
}

resource "google_project_iam_member" "exporter" {
  for_each = toset(["roles/compute.admin", "roles/logging.logWriter"])
  project  = var.forensic_project
  role     = each.value
  member   = google_service_account.exporter.member
}

resource "google_service_account_iam_member" "act_as" {
  for_each = {
    varve    = google_service_account.varve.member
    exporter = google_service_account.exporter.member
  }
  service_account_id = google_service_account.exporter.name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value
}

resource "google_service_account_iam_member" "token" {
  service_account_id = google_service_account.exporter.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = google_service_account.exporter.member
}

output "capture_account" {
  value = google_service_account.varve.email
}

output "exporter_account" {
  value = google_service_account.exporter.email
}
