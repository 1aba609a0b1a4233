package io.varve.acquisition.integration;

import static io.varve.acquisition.integration.VendorKind.Form.ADDRESS;
import static io.varve.acquisition.integration.VendorKind.Form.LONG_TEXT;
import static io.varve.acquisition.integration.VendorKind.Form.NUMBER;
import static io.varve.acquisition.integration.VendorKind.Form.SECRET;
import static io.varve.acquisition.integration.VendorKind.Form.SWITCH;
import static io.varve.acquisition.integration.VendorKind.Form.TEXT;
import static io.varve.acquisition.integration.VendorKind.Need.ADVANCED;
import static io.varve.acquisition.integration.VendorKind.Need.OPTIONAL;
import static io.varve.acquisition.integration.VendorKind.Need.REQUIRED;

import io.varve.acquisition.integration.VendorKind.Field;
import io.varve.acquisition.model.Integration.Use;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// All vendors, in the order they are offered. The names of settings are those their modules read.
public final class Catalogue {
    private static final Set<Use> ALL_USES = EnumSet.allOf(Use.class);
    private static final Field FIRST_DAYS = new Field(
            "first_days",
            "Days to look back",
            NUMBER,
            OPTIONAL,
            "1",
            "How old alerts may be when they are first fetched.");
    private static final Field PART_SIZE = new Field(
            "part_size",
            "Part size",
            NUMBER,
            ADVANCED,
            "",
            "Bytes of one part of a collection on the host; smaller parts need less room there and more calls.");
    private static final Field POLL_SECONDS = new Field(
            "poll_seconds",
            "Seconds between looks",
            NUMBER,
            ADVANCED,
            "10",
            "How often a running action is looked at.");
    private static final Field CERTIFICATE = new Field(
            "ca",
            "Certificate authority",
            LONG_TEXT,
            ADVANCED,
            "",
            "PEM certificates to believe instead of the machine's own, for appliances and proxies.");

    public static final List<VendorKind> VENDORS = List.of(
            crowdStrike(),
            defender(),
            sentinelOne(),
            darktrace(),
            aws(),
            azure(),
            gcp(),
            kubernetes(),
            sentinel(),
            ocsf(),
            custom());

    private Catalogue() {}

    public static Optional<VendorKind> named(String name) {
        return VENDORS.stream().filter(vendor -> vendor.name().equals(name)).findFirst();
    }

    private static VendorKind crowdStrike() {
        return new VendorKind(
                "crowdstrike",
                "CrowdStrike Falcon",
                ALL_USES,
                List.of("crowdstrike"),
                List.of("crowdstrike"),
                List.of(
                        new Field(
                                "base_url",
                                "API address",
                                ADDRESS,
                                OPTIONAL,
                                "https://api.crowdstrike.com",
                                "The address of your cloud, e.g. https://api.eu-1.crowdstrike.com."),
                        new Field("client_id", "Client id", TEXT, REQUIRED, "", "Of an API client made for Varve."),
                        new Field(
                                "client_secret",
                                "Client secret",
                                SECRET,
                                REQUIRED,
                                "",
                                "Shown once when the API client is made."),
                        new Field(
                                "member_cid",
                                "Member CID",
                                TEXT,
                                ADVANCED,
                                "",
                                "Of a child tenant, for managed service providers."),
                        FIRST_DAYS,
                        new Field(
                                "queue_offline",
                                "Queue for offline hosts",
                                SWITCH,
                                ADVANCED,
                                "true",
                                "Leaves the collection with CrowdStrike until the host returns."),
                        new Field(
                                "work_folder",
                                "Folder on the host",
                                TEXT,
                                ADVANCED,
                                "",
                                "Where the collector works; its own folder is made there."),
                        PART_SIZE),
                "crowdstrike");
    }

    private static VendorKind defender() {
        return new VendorKind(
                "defender",
                "Microsoft Defender",
                ALL_USES,
                List.of("graph", "defender", "sentinel"),
                List.of("graph", "defender", "sentinel"),
                List.of(
                        new Field(
                                "tenant_id",
                                "Tenant id",
                                TEXT,
                                REQUIRED,
                                "",
                                "Directory (tenant) id of your Entra tenant."),
                        new Field(
                                "client_id",
                                "Application id",
                                TEXT,
                                REQUIRED,
                                "",
                                "Of the app registration made for Varve."),
                        new Field(
                                "client_secret",
                                "Client secret",
                                SECRET,
                                REQUIRED,
                                "",
                                "Value of a secret of the app registration."),
                        new Field(
                                "feed",
                                "Alerts from",
                                TEXT,
                                OPTIONAL,
                                "graph",
                                "graph for Microsoft Graph alerts_v2, defender for the Defender API."),
                        FIRST_DAYS,
                        new Field(
                                "workspace_resource_id",
                                "Sentinel workspace",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Resource id of the Log Analytics workspace, to comment on Sentinel incidents."),
                        new Field(
                                "base_url",
                                "Defender address",
                                ADDRESS,
                                ADVANCED,
                                "https://api.security.microsoft.com",
                                "Another one for government clouds and regions."),
                        new Field(
                                "graph_url",
                                "Graph address",
                                ADDRESS,
                                ADVANCED,
                                "https://graph.microsoft.com",
                                "Another one for national clouds."),
                        new Field(
                                "arm_url",
                                "Azure address",
                                ADDRESS,
                                ADVANCED,
                                "https://management.azure.com",
                                "Another one for national clouds."),
                        new Field(
                                "authority",
                                "Sign-in address",
                                ADDRESS,
                                ADVANCED,
                                "https://login.microsoftonline.com",
                                "Another one for national clouds."),
                        POLL_SECONDS,
                        new Field(
                                "work_folder",
                                "Folder on the host",
                                TEXT,
                                ADVANCED,
                                "",
                                "Where the collector works; its own folder is made there."),
                        PART_SIZE,
                        new Field(
                                "parts_per_action",
                                "Parts at once",
                                NUMBER,
                                ADVANCED,
                                "4",
                                "Parts that one live response brings."),
                        new Field(
                                "look_seconds",
                                "Seconds between looks at the collector",
                                NUMBER,
                                ADVANCED,
                                "30",
                                "Each look is one live response."),
                        new Field(
                                "actions_per_minute",
                                "Live responses a minute",
                                NUMBER,
                                ADVANCED,
                                "10",
                                "The tenant's limit, divided by the number of workers."),
                        new Field(
                                "keep_script",
                                "Keep the collector in the library",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Otherwise it is removed when no capture uses it."),
                        CERTIFICATE),
                "defender");
    }

    private static VendorKind sentinelOne() {
        return new VendorKind(
                "sentinelone",
                "SentinelOne",
                ALL_USES,
                List.of("sentinelone"),
                List.of("sentinelone"),
                List.of(
                        new Field(
                                "base_url",
                                "Console address",
                                ADDRESS,
                                REQUIRED,
                                "",
                                "e.g. https://example.sentinelone.net"),
                        new Field("api_token", "API token", SECRET, REQUIRED, "", "Of a service user made for Varve."),
                        new Field("site_id", "Site id", TEXT, OPTIONAL, "", "To use one site only."),
                        new Field("account_id", "Account id", TEXT, OPTIONAL, "", "To use one account only."),
                        new Field(
                                "feeds",
                                "Alerts from",
                                TEXT,
                                OPTIONAL,
                                "threats,star",
                                "threats, star, or unified alone, which holds both."),
                        FIRST_DAYS,
                        POLL_SECONDS,
                        new Field(
                                "work_folder",
                                "Folder on the host",
                                TEXT,
                                ADVANCED,
                                "",
                                "Where the collector works; its own folder is made there."),
                        new Field(
                                "part_kilobytes",
                                "Part size in KiB",
                                NUMBER,
                                ADVANCED,
                                "8192",
                                "At most 9216: a part has to fit into one file fetch."),
                        new Field(
                                "results",
                                "Results come by",
                                TEXT,
                                ADVANCED,
                                "auto",
                                "auto, cloud (the vendor's cloud) or files (file fetch)."),
                        new Field(
                                "script_library",
                                "Script in the library",
                                TEXT,
                                ADVANCED,
                                "capture",
                                "capture: one for each, deleted at the end. shared: kept for all."),
                        new Field(
                                "task_minutes",
                                "Minutes for one run",
                                NUMBER,
                                ADVANCED,
                                "15",
                                "How long an agent that answers may take."),
                        new Field(
                                "state_seconds",
                                "Seconds between looks at the collector",
                                NUMBER,
                                ADVANCED,
                                "30",
                                "Each look is a run of the script.")),
                "sentinelone");
    }

    private static VendorKind darktrace() {
        return new VendorKind(
                "darktrace",
                "Darktrace",
                EnumSet.of(Use.ALERTS, Use.COMMENT),
                List.of("darktrace"),
                List.of("darktrace"),
                List.of(
                        new Field(
                                "base_url",
                                "Appliance address",
                                ADDRESS,
                                REQUIRED,
                                "",
                                "Of the master or the unified view, e.g. https://darktrace.example.com"),
                        new Field(
                                "public_token",
                                "Public token",
                                TEXT,
                                REQUIRED,
                                "",
                                "Made in System Config on the appliance."),
                        new Field(
                                "private_token",
                                "Private token",
                                SECRET,
                                REQUIRED,
                                "",
                                "Shown once when the pair is made."),
                        new Field(
                                "min_score",
                                "Smallest score",
                                NUMBER,
                                OPTIONAL,
                                "0",
                                "Model breaches below it (0 to 100) are left out."),
                        FIRST_DAYS,
                        new Field(
                                "post_signing",
                                "Signature of posts",
                                TEXT,
                                ADVANCED,
                                "with-body",
                                "with-body or path, by version of the appliance."),
                        CERTIFICATE),
                "darktrace");
    }

    private static VendorKind aws() {
        return new VendorKind(
                "aws",
                "Amazon Web Services",
                EnumSet.of(Use.CAPTURE),
                List.of("guardduty", "securityhub"),
                List.of(),
                List.of(
                        new Field(
                                "roles",
                                "Roles",
                                LONG_TEXT,
                                OPTIONAL,
                                "",
                                "ARN of Varve's role in each account, one a line; empty for the credentials' own account."),
                        new Field(
                                "external_id",
                                "External id",
                                TEXT,
                                OPTIONAL,
                                "",
                                "The roles' trust policies ask for it; make it long and random."),
                        new Field(
                                "regions",
                                "Regions",
                                TEXT,
                                OPTIONAL,
                                "",
                                "e.g. eu-central-1, us-east-1; empty for every region that is enabled."),
                        new Field(
                                "access_key_id",
                                "Access key id",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Empty when the worker's machine has a role of its own."),
                        new Field("secret_access_key", "Secret access key", SECRET, OPTIONAL, "", "Of that key."),
                        new Field(
                                "through_role",
                                "Role in between",
                                TEXT,
                                ADVANCED,
                                "",
                                "ARN of a role that is assumed first, from which the others are."),
                        new Field(
                                "copy_role",
                                "Role in a forensic account",
                                TEXT,
                                ADVANCED,
                                "",
                                "Snapshots are copied there and read there; empty to read them where they are."),
                        new Field(
                                "copy_key",
                                "Key of the forensic account",
                                TEXT,
                                ADVANCED,
                                "",
                                "ARN of the KMS key that copies are encrypted with."),
                        new Field(
                                "share_key",
                                "Key for sharing",
                                TEXT,
                                ADVANCED,
                                "",
                                "ARN of a KMS key of the source account, for snapshots under AWS's own key."),
                        new Field(
                                "relay_bucket",
                                "Bucket for triage",
                                TEXT,
                                ADVANCED,
                                "",
                                "What is collected over SSM passes through it; empty for no such triage."),
                        new Field(
                                "relay_region",
                                "Its region",
                                TEXT,
                                ADVANCED,
                                "",
                                "Empty when it is the region of the instances."),
                        new Field(
                                "log_days",
                                "Days of logs",
                                NUMBER,
                                ADVANCED,
                                "14",
                                "How far back the profile cloud-logs asks, up to 90."),
                        new Field(
                                "objects",
                                "Buckets",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Lists buckets too, so that objects below a prefix can be captured."),
                        new Field(
                                "flow_objects",
                                "Flow logs in buckets",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "The profile cloud-logs reads VPC flow logs that go to a bucket, too."),
                        new Field(
                                "functions",
                                "Functions",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Lists functions of Lambda too, so that code, set-up and logs can be captured."),
                        new Field(
                                "containers",
                                "ECS containers",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Lists containers of running ECS tasks too, Fargate's among them, to be captured by exec."),
                        new Field(
                                "endpoint",
                                "Address",
                                ADDRESS,
                                ADVANCED,
                                "",
                                "One address for all services, for private endpoints."),
                        new Field(
                                "blocks_per_second",
                                "Blocks a second",
                                NUMBER,
                                ADVANCED,
                                "900",
                                "At most, in one region of one account; AWS allows 1000 unless it was raised."),
                        new Field(
                                "poll_seconds",
                                "Seconds between looks",
                                NUMBER,
                                ADVANCED,
                                "15",
                                "How often snapshots that are being made are looked at.")),
                "aws");
    }

    private static VendorKind azure() {
        return new VendorKind(
                "azure",
                "Microsoft Azure",
                EnumSet.of(Use.CAPTURE),
                List.of(),
                List.of(),
                List.of(
                        new Field(
                                "tenant_id",
                                "Tenant id",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Directory (tenant) id; not needed for a managed identity."),
                        new Field(
                                "client_id",
                                "Application id",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Of an app registration made for Varve, or of a user-assigned managed identity."),
                        new Field(
                                "client_secret",
                                "Client secret",
                                SECRET,
                                OPTIONAL,
                                "",
                                "The secret's value; empty for a managed or federated identity."),
                        new Field(
                                "subscriptions",
                                "Subscriptions",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Ids, separated by commas; empty for every subscription the identity sees."),
                        new Field(
                                "snapshot_group",
                                "Resource group of snapshots",
                                TEXT,
                                ADVANCED,
                                "",
                                "In the subscription of the machine; empty for the group of each disk."),
                        new Field(
                                "sign_in",
                                "Sign-in",
                                TEXT,
                                ADVANCED,
                                "",
                                "secret, managed or federated; empty: secret where there is one, else managed."),
                        new Field(
                                "disk_access",
                                "Disk access",
                                TEXT,
                                ADVANCED,
                                "",
                                "Resource id of a disk access, to read snapshots through private endpoints only."),
                        new Field(
                                "relay_account",
                                "Storage account for triage",
                                TEXT,
                                ADVANCED,
                                "",
                                "What is collected by Run Command passes through it; empty for no such triage."),
                        new Field(
                                "relay_container",
                                "Container for triage",
                                TEXT,
                                ADVANCED,
                                "",
                                "In that storage account, with nothing else in it."),
                        new Field(
                                "relay_address",
                                "Address of its blobs",
                                ADDRESS,
                                ADVANCED,
                                "",
                                "Empty for https://ACCOUNT.blob.core.windows.net; another one for national clouds."),
                        new Field(
                                "log_days",
                                "Days of logs",
                                NUMBER,
                                ADVANCED,
                                "14",
                                "How far back the profile cloud-logs asks, up to 90; where set, Check shows its rights."),
                        new Field(
                                "sign_ins",
                                "Sign-ins of Entra ID",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "The profile cloud-logs also takes sign-ins from a machine's public addresses; needs AuditLog.Read.All of Microsoft Graph and Entra ID P1 or P2."),
                        new Field(
                                "objects",
                                "Containers",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Lists blob containers too, so that blobs below a prefix can be captured."),
                        new Field(
                                "graph",
                                "Address of Microsoft Graph",
                                ADDRESS,
                                ADVANCED,
                                "https://graph.microsoft.com",
                                "Another one for national clouds."),
                        new Field(
                                "endpoint",
                                "Azure address",
                                ADDRESS,
                                ADVANCED,
                                "https://management.azure.com",
                                "Azure Resource Manager of your cloud, e.g. https://management.usgovcloudapi.net"),
                        new Field(
                                "authority",
                                "Sign-in address",
                                ADDRESS,
                                ADVANCED,
                                "https://login.microsoftonline.com",
                                "Of your cloud, e.g. https://login.microsoftonline.us"),
                        new Field(
                                "poll_seconds",
                                "Seconds between looks",
                                NUMBER,
                                ADVANCED,
                                "15",
                                "How often snapshots that are being made are looked at."),
                        CERTIFICATE),
                "azure");
    }

    private static VendorKind gcp() {
        return new VendorKind(
                "gcp",
                "Google Cloud",
                EnumSet.of(Use.CAPTURE),
                List.of("scc"),
                List.of(),
                List.of(
                        new Field(
                                "projects",
                                "Projects",
                                LONG_TEXT,
                                REQUIRED,
                                "",
                                "Ids of the projects whose instances may be captured, separated by commas."),
                        new Field(
                                "forensic_project",
                                "Forensic project",
                                TEXT,
                                REQUIRED,
                                "",
                                "Id of the project that images are made and exported in."),
                        new Field(
                                "bucket",
                                "Staging bucket",
                                TEXT,
                                REQUIRED,
                                "",
                                "Exports lie there until they are copied."),
                        new Field(
                                "service_account_key",
                                "Service account key",
                                SECRET,
                                OPTIONAL,
                                "",
                                "JSON; empty when the worker's machine has an identity of its own."),
                        new Field("zones", "Zones", TEXT, OPTIONAL, "", "e.g. europe-west3-a; empty for all zones."),
                        new Field(
                                "build_region",
                                "Region of Cloud Build",
                                TEXT,
                                OPTIONAL,
                                "global",
                                "That of the bucket, where your organisation allows it."),
                        new Field(
                                "build_account",
                                "Account of the export",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Email of the service account that exports; empty for Cloud Build's default."),
                        new Field(
                                "compute_account",
                                "Account of the exporter's machine",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Email of the service account its machine has; empty for Compute Engine's default."),
                        new Field(
                                "snapshot_locations",
                                "Snapshot locations",
                                TEXT,
                                ADVANCED,
                                "",
                                "A region or continent; empty for Google's choice."),
                        new Field(
                                "image_key",
                                "Key of images",
                                TEXT,
                                ADVANCED,
                                "",
                                "Cloud KMS key that images in the forensic project are encrypted with."),
                        new Field(
                                "export_zone",
                                "Zone of the export",
                                TEXT,
                                ADVANCED,
                                "",
                                "Empty for a zone of the bucket's location."),
                        new Field(
                                "network",
                                "Network of the export",
                                TEXT,
                                ADVANCED,
                                "",
                                "Empty for the network default."),
                        new Field(
                                "subnet",
                                "Subnet of the export",
                                TEXT,
                                ADVANCED,
                                "",
                                "Needed where the network's subnets are custom ones."),
                        new Field(
                                "export_minutes",
                                "Minutes of an export",
                                NUMBER,
                                ADVANCED,
                                "240",
                                "A build that takes longer has failed."),
                        new Field(
                                "exporter",
                                "Exporter",
                                TEXT,
                                ADVANCED,
                                "gcr.io/compute-image-tools/gce_vm_image_export:release",
                                "Container image; name a digest to pin it."),
                        new Field(
                                "log_days",
                                "Days of logs",
                                NUMBER,
                                ADVANCED,
                                "14",
                                "How far back logs are captured, 90 at most; Google keeps most of them for 30."),
                        new Field(
                                "objects",
                                "Buckets",
                                SWITCH,
                                ADVANCED,
                                "false",
                                "Lists buckets too, so that objects below a prefix can be captured."),
                        new Field("endpoint", "Address", ADDRESS, ADVANCED, "", "One address for all services."),
                        new Field(
                                "poll_seconds",
                                "Seconds between looks",
                                NUMBER,
                                ADVANCED,
                                "15",
                                "How often operations and builds are looked at.")),
                "gcp");
    }

    private static VendorKind kubernetes() {
        return new VendorKind(
                "kubernetes",
                "Kubernetes",
                EnumSet.of(Use.CAPTURE),
                List.of("guardduty"),
                List.of(),
                List.of(
                        new Field(
                                "api_server",
                                "API server",
                                ADDRESS,
                                OPTIONAL,
                                "",
                                "e.g. https://10.0.0.1:6443; not needed with a kubeconfig."),
                        new Field(
                                "ca",
                                "Certificate authority",
                                LONG_TEXT,
                                OPTIONAL,
                                "",
                                "PEM certificates of the cluster's own authority."),
                        new Field("token", "Token", SECRET, OPTIONAL, "", "Of the service account made for Varve."),
                        new Field(
                                "kubeconfig",
                                "Kubeconfig",
                                SECRET,
                                OPTIONAL,
                                "",
                                "Instead of the three above: one that holds certificates and a token itself."),
                        new Field(
                                "cluster",
                                "Cluster name",
                                TEXT,
                                OPTIONAL,
                                "",
                                "What alerts call this cluster; pods of others are then left alone."),
                        new Field(
                                "namespaces",
                                "Namespaces",
                                TEXT,
                                OPTIONAL,
                                "",
                                "Captured in these only; empty for all the token reaches."),
                        new Field(
                                "collector_image",
                                "Image for ephemeral containers",
                                TEXT,
                                OPTIONAL,
                                "",
                                "With a shell and its usual tools, for containers that have none; empty for never."),
                        new Field(
                                "collector_ptrace",
                                "Ephemeral containers may trace",
                                SWITCH,
                                ADVANCED,
                                "true",
                                "Adds SYS_PTRACE, without which they see files of the same user only."),
                        new Field(
                                "ephemeral_minutes",
                                "Minutes of an ephemeral container",
                                NUMBER,
                                ADVANCED,
                                "60",
                                "At most; it ends with the capture."),
                        new Field(
                                "work_folder",
                                "Folder in the container",
                                TEXT,
                                ADVANCED,
                                "",
                                "Where the collector works; else /tmp, /var/tmp, /dev/shm or /run."),
                        new Field(
                                "log_megabytes",
                                "MiB of one log",
                                NUMBER,
                                ADVANCED,
                                "256",
                                "At most, from its beginning."),
                        new Field(
                                "part_kilobytes",
                                "Part size in KiB",
                                NUMBER,
                                ADVANCED,
                                "1024",
                                "The collector needs room for sixteen parts in the container."),
                        new Field(
                                "poll_seconds",
                                "Seconds between looks",
                                NUMBER,
                                ADVANCED,
                                "2",
                                "How often the collector is looked at; each look is an exec in the audit log."),
                        new Field(
                                "silence_seconds",
                                "Seconds of silence",
                                NUMBER,
                                ADVANCED,
                                "30",
                                "After which a part that is on its way is asked for again.")),
                "kubernetes");
    }

    private static VendorKind sentinel() {
        return pushed("sentinel", "Microsoft Sentinel (sends to Varve)", List.of("sentinel"));
    }

    private static VendorKind ocsf() {
        return pushed("ocsf", "OCSF detection findings", List.of("ocsf"));
    }

    private static VendorKind custom() {
        return new VendorKind(
                "custom",
                "Any JSON webhook",
                EnumSet.noneOf(Use.class),
                List.of("custom", "generic"),
                List.of(),
                List.of(new Field(
                        "mapping",
                        "Mapping",
                        LONG_TEXT,
                        OPTIONAL,
                        "",
                        "JSON that says where each field of the alert is; see alert sources.")),
                "");
    }

    private static VendorKind pushed(String name, String label, List<String> sources) {
        return new VendorKind(name, label, EnumSet.noneOf(Use.class), sources, List.of(), List.of(), "");
    }
}
