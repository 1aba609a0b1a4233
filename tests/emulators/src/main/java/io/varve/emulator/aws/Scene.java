package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// Instances, groups and keys of the emulated accounts, and what can be seen of them afterwards.
public final class Scene {
    /// One of moto's own images.
    private static final String IMAGE = "ami-12c6146b";

    /// Network interfaces have the same field.
    private static final Pattern VOLUME =
            Pattern.compile("(?s)<ebs>.*?<deleteOnTermination>([a-z]+)</deleteOnTermination>.*?</ebs>");

    private static final String ROOT_DEVICE = "/dev/sda1";

    private final Moto moto;
    private final Snapshots snapshots;
    private final Functions functions;
    private final Map<String, String> accounts;
    /// What moto does not keep of flow logs, by the address of their bucket: where they go, and in which form.
    private final Map<String, String> flowDestinations = new ConcurrentHashMap<>();

    private final Set<String> windows = ConcurrentHashMap.newKeySet();

    Scene(Moto moto, Snapshots snapshots, Functions functions, Map<String, String> accounts) {
        this.moto = moto;
        this.snapshots = snapshots;
        this.functions = functions;
        this.accounts = accounts;
    }

    /// A volume that an instance is to have.
    ///
    /// @param key ARN of the key it is encrypted with
    public record Disk(DiskImage image, Optional<String> key) {
        public static Disk of(DiskImage image) {
            return new Disk(image, Optional.empty());
        }

        public Disk encrypted(String key) {
            return new Disk(image, Optional.of(key));
        }
    }

    /// Runs an instance with these volumes, that of the root first.
    public Instance instance(String account, String region, Disk... disks) throws IOException {
        String key = accessKey(account);
        Disk root = disks[0];
        var run = parameters("RunInstances");
        run.putAll(Map.of("ImageId", IMAGE, "MinCount", "1", "MaxCount", "1", "InstanceType", "t3.micro"));
        run.put("BlockDeviceMapping.1.DeviceName", ROOT_DEVICE);
        run.put(
                "BlockDeviceMapping.1.Ebs.VolumeSize",
                Long.toString(root.image().gibibytes()));
        run.put("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true");
        root.key().ifPresent(arn -> {
            run.put("BlockDeviceMapping.1.Ebs.Encrypted", "true");
            run.put("BlockDeviceMapping.1.Ebs.KmsKeyId", arn);
        });
        String id = Moto.one(moto.ask(key, region, "ec2", run), "instanceId");
        String described = describe(key, region, id);
        var volumes = new ArrayList<String>();
        volumes.add(Moto.one(described, "volumeId"));
        snapshots.volume(volumes.getFirst(), root.image(), root.key());
        String zone = Moto.one(described, "availabilityZone");
        for (int i = 1; i < disks.length; i++) {
            volumes.add(attach(key, region, zone, id, disks[i], "/dev/sd" + (char) ('e' + i)));
        }
        return new Instance(id, account, region, volumes);
    }

    private String attach(String key, String region, String zone, String instance, Disk disk, String device)
            throws IOException {
        var create = parameters("CreateVolume");
        create.put("AvailabilityZone", zone);
        create.put("Size", Long.toString(disk.image().gibibytes()));
        disk.key().ifPresent(arn -> {
            create.put("Encrypted", "true");
            create.put("KmsKeyId", arn);
        });
        String volume = Moto.one(moto.ask(key, region, "ec2", create), "volumeId");
        var attach = parameters("AttachVolume");
        attach.putAll(Map.of("VolumeId", volume, "InstanceId", instance, "Device", device));
        moto.ask(key, region, "ec2", attach);
        snapshots.volume(volume, disk.image(), disk.key());
        return volume;
    }

    /// What the volume holds from now on; snapshots keep what they have.
    public void rewrite(String volume, DiskImage image) {
        snapshots.volume(volume, image, Optional.empty());
    }

    /// An Auto Scaling group with the instance in it.
    public void scaled(Instance instance, String group) throws IOException {
        String key = accessKey(instance.account());
        var launch = parameters("CreateLaunchConfiguration");
        launch.putAll(Map.of("LaunchConfigurationName", group, "ImageId", IMAGE, "InstanceType", "t3.micro"));
        moto.ask(key, instance.region(), "autoscaling", launch);
        var create = parameters("CreateAutoScalingGroup");
        create.putAll(Map.of(
                "AutoScalingGroupName",
                group,
                "LaunchConfigurationName",
                group,
                "MinSize",
                "0",
                "MaxSize",
                "5",
                "AvailabilityZones.member.1",
                instance.region() + "a"));
        moto.ask(key, instance.region(), "autoscaling", create);
        var attach = parameters("AttachInstances");
        attach.putAll(Map.of("AutoScalingGroupName", group, "InstanceIds.member.1", instance.id()));
        moto.ask(key, instance.region(), "autoscaling", attach);
    }

    /// Makes a customer key and answers its ARN.
    public String key(String account, String region) throws IOException {
        String made = moto.json(accessKey(account), region, "kms", "TrentService.CreateKey", "{}");
        return made.replaceAll("(?s).*\"Arn\": ?\"([^\"]+)\".*", "$1");
    }

    public void bucket(String account, String region, String name) throws IOException {
        moto.bucket(accessKey(account), region, name);
    }

    /// Keeps flow logs of the instance's VPC in CloudWatch Logs, and these records in the stream of its first
    /// interface.
    ///
    /// @return id of the interface
    public String flows(Instance instance, String group, Map<Instant, String> records) throws IOException {
        String key = accessKey(instance.account());
        String described = describe(key, instance.region(), instance.id());
        String networkInterface = Moto.one(described, "networkInterfaceId");
        String stream = networkInterface + "-all";
        write(key, instance.region(), group, stream, records);
        var create = parameters("CreateFlowLogs");
        create.putAll(Map.of(
                "ResourceId.1",
                Moto.one(described, "vpcId"),
                "ResourceType",
                "VPC",
                "TrafficType",
                "ALL",
                "LogGroupName",
                group,
                "DeliverLogsPermissionArn",
                "arn:aws:iam::%s:role/flows".formatted(instance.account())));
        moto.ask(key, instance.region(), "ec2", create);
        return networkInterface;
    }

    /// A log group with one stream, and these events in it.
    public void logs(String account, String region, String group, Map<Instant, String> events) throws IOException {
        write(accessKey(account), region, group, "stream", events);
    }

    private void write(String key, String region, String group, String stream, Map<Instant, String> events)
            throws IOException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        logs(key, region, "CreateLogGroup", json.objectNode().put("logGroupName", group));
        var place = json.objectNode().put("logGroupName", group).put("logStreamName", stream);
        logs(key, region, "CreateLogStream", place.deepCopy());
        var put = place.deepCopy();
        var list = put.putArray("logEvents");
        new TreeMap<>(events)
                .forEach((at, event) ->
                        list.addObject().put("timestamp", at.toEpochMilli()).put("message", event));
        logs(key, region, "PutLogEvents", put);
    }

    private void logs(String key, String region, String action, ObjectNode body) throws IOException {
        moto.json(key, region, "logs", "Logs_20140328." + action, body.toString());
    }

    /// Keeps flow logs of the instance's VPC in a bucket.
    ///
    /// @param prefix of all objects, may be empty
    /// @param options as `DestinationOptions` of the API in XML; empty for the usual
    /// @return ids of the flow log and of the instance's first interface
    public List<String> flowsToBucket(Instance instance, String bucket, String prefix, String options)
            throws IOException {
        String key = accessKey(instance.account());
        String described = describe(key, instance.region(), instance.id());
        String arn = "arn:aws:s3:::" + bucket;
        flowDestinations.put(
                arn,
                "<logDestination>%s%s</logDestination>%s"
                        .formatted(
                                arn,
                                prefix.isEmpty() ? "" : "/" + prefix,
                                options.isEmpty() ? "" : "<destinationOptions>" + options + "</destinationOptions>"));
        var create = parameters("CreateFlowLogs");
        create.putAll(Map.of(
                "ResourceId.1",
                Moto.one(described, "vpcId"),
                "ResourceType",
                "VPC",
                "TrafficType",
                "ALL",
                "LogDestinationType",
                "s3",
                "LogDestination",
                arn));
        String made = moto.ask(key, instance.region(), "ec2", create);
        return List.of(Moto.one(made, "item"), Moto.one(described, "networkInterfaceId"));
    }

    /// An answer of moto's with what it does not keep itself.
    String describedFlows(String body) {
        String told = body;
        for (Map.Entry<String, String> one : flowDestinations.entrySet()) {
            told = told.replace("<logDestination>%s</logDestination>".formatted(one.getKey()), one.getValue());
        }
        return told;
    }

    /// Writes an object of any bytes.
    public void object(String account, String region, String bucket, String name, byte[] content) throws IOException {
        moto.object(accessKey(account), region, bucket + "/" + name, content);
    }

    /// From now on the bucket keeps versions, and deletions as markers.
    public void versioned(String account, String region, String bucket) throws IOException {
        moto.bucket(
                accessKey(account),
                region,
                bucket + "?versioning",
                "PUT",
                "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
    }

    /// Writes an object.
    ///
    /// @param name as in an address, encoded where it has to be
    public void object(String account, String region, String bucket, String name, String content) throws IOException {
        moto.bucket(accessKey(account), region, bucket + "/" + name, "PUT", content);
    }

    public void delete(String account, String region, String bucket, String name) throws IOException {
        moto.bucket(accessKey(account), region, bucket + "/" + name, "DELETE", "");
    }

    /// Names of the objects in a bucket.
    public List<String> objects(String account, String region, String bucket) throws IOException {
        return Moto.all(moto.listed(accessKey(account), region, bucket), "Key");
    }

    /// Makes a function of Lambda and answers its ARN.
    ///
    /// @param more members of the request beside its name, role and code
    public String function(String account, String region, String name, byte[] zip, ObjectNode more) throws IOException {
        functions.keep(zip);
        ObjectNode create = more.deepCopy();
        create.put("Runtime", "python3.12").put("Handler", "main.handler");
        create.putObject("Code").put("ZipFile", zip);
        return made(account, region, name, create);
    }

    /// A function that is run from a container image.
    public String imageFunction(String account, String region, String name, String image) throws IOException {
        ObjectNode create = JsonNodeFactory.instance.objectNode().put("PackageType", "Image");
        create.putObject("Code").put("ImageUri", image);
        return made(account, region, name, create);
    }

    private String made(String account, String region, String name, ObjectNode create) throws IOException {
        String key = accessKey(account);
        var role = parameters("CreateRole");
        role.putAll(Map.of("Version", "2010-05-08", "RoleName", "of-" + name, "AssumeRolePolicyDocument", "{}"));
        moto.ask(key, "us-east-1", "iam", role);
        create.put("FunctionName", name).put("Role", "arn:aws:iam::%s:role/of-%s".formatted(account, name));
        moto.rest(key, region, "lambda", "POST", "/2015-03-31/functions", create.toString());
        return "arn:aws:lambda:%s:%s:function:%s".formatted(region, account, name);
    }

    /// Publishes what a function is now as a version, then gives it other code.
    public void publish(String account, String region, String name, byte[] next) throws IOException {
        functions.keep(next);
        String path = "/2015-03-31/functions/" + name;
        moto.rest(accessKey(account), region, "lambda", "POST", path + "/versions", "{}");
        ObjectNode code = JsonNodeFactory.instance.objectNode().put("ZipFile", next);
        moto.rest(accessKey(account), region, "lambda", "PUT", path + "/code", code.toString());
    }

    /// Makes something of a function's: an alias, a permission, a URL.
    ///
    /// @param path what follows its name
    public void ofFunction(String account, String region, String path, String method, ObjectNode body)
            throws IOException {
        moto.rest(accessKey(account), region, "lambda", method, path, body.toString());
    }

    /// Publishes a version of a layer and answers its ARN.
    public String layer(String account, String region, String name, byte[] zip) throws IOException {
        functions.keep(zip);
        ObjectNode publish = JsonNodeFactory.instance.objectNode();
        publish.putObject("Content").put("ZipFile", zip);
        String made = moto.rest(
                accessKey(account),
                region,
                "lambda",
                "POST",
                "/2018-10-31/layers/%s/versions".formatted(name),
                publish.toString());
        return made.replaceAll("(?s).*\"LayerVersionArn\": ?\"([^\"]+)\".*", "$1");
    }

    public void tag(Instance instance, String key, String value) throws IOException {
        var tag = parameters("CreateTags");
        tag.putAll(Map.of("ResourceId.1", instance.id(), "Tag.1.Key", key, "Tag.1.Value", value));
        moto.ask(accessKey(instance.account()), instance.region(), "ec2", tag);
    }

    public void terminate(Instance instance) throws IOException {
        var end = parameters("TerminateInstances");
        end.put("InstanceId.1", instance.id());
        moto.ask(accessKey(instance.account()), instance.region(), "ec2", end);
    }

    public void stop(Instance instance) throws IOException {
        var stop = parameters("StopInstances");
        stop.put("InstanceId.1", instance.id());
        moto.ask(accessKey(instance.account()), instance.region(), "ec2", stop);
    }

    /// Runs a spot instance, of whose volumes nothing is known.
    public Instance spot(String account, String region) throws IOException {
        var run = parameters("RunInstances");
        run.putAll(Map.of("ImageId", IMAGE, "MinCount", "1", "MaxCount", "1", "InstanceType", "t3.micro"));
        run.put("InstanceMarketOptions.MarketType", "spot");
        return new Instance(
                Moto.one(moto.ask(accessKey(account), region, "ec2", run), "instanceId"), account, region, List.of());
    }

    /// It runs Windows; moto knows no image that does.
    public void windows(Instance instance) {
        windows.add(instance.id());
    }

    /// An answer of moto's with what it does not say itself.
    String described(String body) {
        String told = body;
        for (String id : windows) {
            String element = "<instanceId>%s</instanceId>".formatted(id);
            told = told.replace(
                    element, element + "<platform>windows</platform><platformDetails>Windows</platformDetails>");
        }
        return told;
    }

    public void protectTermination(Instance instance) throws IOException {
        var change = parameters("ModifyInstanceAttribute");
        change.putAll(Map.of("InstanceId", instance.id(), "DisableApiTermination.Value", "true"));
        moto.ask(accessKey(instance.account()), instance.region(), "ec2", change);
    }

    public boolean terminationProtected(Instance instance) throws IOException {
        var ask = parameters("DescribeInstanceAttribute");
        ask.putAll(Map.of("InstanceId", instance.id(), "Attribute", "disableApiTermination"));
        return Moto.one(moto.ask(accessKey(instance.account()), instance.region(), "ec2", ask), "value")
                .equals("true");
    }

    /// For each volume in the order of the instance's devices.
    public List<String> deleteOnTermination(Instance instance) throws IOException {
        String described = describe(accessKey(instance.account()), instance.region(), instance.id());
        return VOLUME.matcher(described).results().map(found -> found.group(1)).toList();
    }

    public boolean scaleInProtected(Instance instance) throws IOException {
        var ask = parameters("DescribeAutoScalingInstances");
        ask.put("InstanceIds.member.1", instance.id());
        return Moto.one(
                        moto.ask(accessKey(instance.account()), instance.region(), "autoscaling", ask),
                        "ProtectedFromScaleIn")
                .equals("true");
    }

    /// Ids of the account's own snapshots in the region, whoever made them.
    public List<String> snapshots(String account, String region) throws IOException {
        var ask = parameters("DescribeSnapshots");
        ask.put("Owner.1", "self");
        return Moto.all(moto.ask(accessKey(account), region, "ec2", ask), "snapshotId");
    }

    /// moto copies within an account only: a copy from another one is made of an empty volume.
    ///
    /// @param form of the request, for its tags
    /// @return id of the copy
    String copied(String accessKey, String region, long gibibytes, Map<String, List<String>> form) throws IOException {
        var create = parameters("CreateVolume");
        create.putAll(Map.of("AvailabilityZone", region + "a", "Size", Long.toString(gibibytes)));
        String volume = Moto.one(moto.ask(accessKey, region, "ec2", create), "volumeId");
        var copy = parameters("CreateSnapshot");
        copy.put("VolumeId", volume);
        form.forEach((name, values) -> {
            if (name.startsWith("TagSpecification") || name.equals("Description")) {
                copy.put(name, values.getFirst());
            }
        });
        String id = Moto.one(moto.ask(accessKey, region, "ec2", copy), "snapshotId");
        var delete = parameters("DeleteVolume");
        delete.put("VolumeId", volume);
        moto.ask(accessKey, region, "ec2", delete);
        return id;
    }

    private String describe(String key, String region, String instance) throws IOException {
        var ask = parameters("DescribeInstances");
        ask.put("InstanceId.1", instance);
        return moto.ask(key, region, "ec2", ask);
    }

    /// moto tells accounts apart by keys it gave out itself.
    String accessKey(String account) throws IOException {
        if (account.equals(AwsEmulator.ACCOUNT)) {
            return "AKIASCENE";
        }
        for (Map.Entry<String, String> known : accounts.entrySet()) {
            if (known.getValue().equals(account)) {
                return known.getKey();
            }
        }
        var assume = new LinkedHashMap<String, String>(Map.of(
                "Action",
                "AssumeRole",
                "Version",
                "2011-06-15",
                "RoleArn",
                "arn:aws:iam::%s:role/scene".formatted(account),
                "RoleSessionName",
                "scene"));
        String given = Moto.one(moto.ask("AKIASCENE", "us-east-1", "sts", assume), "AccessKeyId");
        accounts.put(given, account);
        return given;
    }

    private static Map<String, String> parameters(String action) {
        String version = action.contains("AutoScaling")
                        || action.contains("LaunchConfiguration")
                        || action.equals("AttachInstances")
                ? "2011-01-01"
                : "2016-11-15";
        return new LinkedHashMap<>(Map.of("Action", action, "Version", version));
    }
}
