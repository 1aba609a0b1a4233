package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Device;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Emulator;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.TestClock;
import io.varve.emulator.kit.Throttle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/// Accounts of Amazon Web Services behind one endpoint: whatever service and region a request was signed for.
///
/// EC2, STS, KMS, IAM, Auto Scaling and S3 are moto's answers; who may do what, how long snapshots take, keys
/// of snapshots and policy simulation are ours. The EBS direct APIs are ours altogether; of SSM, whether a
/// command is well formed is moto's, and what becomes of it is ours. CloudWatch Logs is moto's, CloudTrail
/// and GuardDuty are ours. Functions of Lambda are moto's, the addresses of their code are ours.
public final class AwsEmulator extends Emulator {
    /// The account of callers that assumed no role.
    public static final String ACCOUNT = "123456789012";

    private final Moto moto;
    private final EbsDirect blocks;
    private final Snapshots snapshots;
    private final Policy policy = new Policy();
    private final SystemsManager systems;
    private final AccountLogs logs;
    private final Functions functions;
    private final ContainerService containers;
    private final Map<String, String> accounts = new ConcurrentHashMap<>();
    private final Map<String, String> externalIds = new ConcurrentHashMap<>();
    private final Set<String> disabledKeys = ConcurrentHashMap.newKeySet();
    private final List<Action> actions = new CopyOnWriteArrayList<>();
    private final AtomicInteger blockCalls = new AtomicInteger();
    private final Scene scene;
    private volatile Optional<Throttle> rate = Optional.empty();
    private volatile int refuseEvery;
    private volatile int pageSize;
    private volatile Duration latency = Duration.ZERO;

    private AwsEmulator(TestClock clock, Moto moto) {
        super(clock);
        this.moto = moto;
        this.blocks = new EbsDirect(clock);
        this.snapshots = new Snapshots(clock);
        this.functions = new Functions(moto, this::url);
        this.scene = new Scene(moto, snapshots, functions, accounts);
        this.systems = new SystemsManager(clock);
        this.logs = new AccountLogs(clock);
        this.containers = new ContainerService(moto, scene, clock);
    }

    /// One call of the control plane or of EBS direct, as policies name it.
    public record Action(String name, String account, String region, boolean allowed) {}

    /// Whether the control plane can be had on this machine.
    public static boolean possible() {
        return Moto.isInstalled();
    }

    public static AwsEmulator start(TestClock clock) throws IOException {
        var emulator = new AwsEmulator(clock, Moto.start());
        emulator.start();
        return emulator;
    }

    /// Sets up instances, groups and keys, and looks at what is left of them.
    public Scene scene() {
        return scene;
    }

    /// Tasks of ECS, and exec into their containers.
    public ContainerService containers() {
        return containers;
    }

    public Policy policy() {
        return policy;
    }

    /// How long snapshots are pending.
    public void settling(Duration time) {
        snapshots.settling(time);
    }

    /// A role that is assumed with this external id only.
    public void role(String arn, String externalId) {
        externalIds.put(arn, externalId);
    }

    public void disableKey(String arn) {
        disabledKeys.add(arn);
    }

    /// GetSnapshotBlock calls a second, of one account and of one snapshot; more are refused.
    public void rate(int perSecond) {
        rate = Optional.of(new Throttle(clock(), perSecond, Duration.ofSeconds(1)));
    }

    /// Refuses one of so many calls for a block; 0 refuses none.
    public void refuseEvery(int calls) {
        refuseEvery = calls;
    }

    /// Reservations in one page of DescribeInstances at most; 0 leaves it to the caller.
    public void pageSize(int reservations) {
        pageSize = reservations;
    }

    /// Items in one page of Lambda's lists at most.
    public void functionPageSize(int items) {
        functions.pageSize(items);
    }

    /// Lambda may not decrypt the function's environment for callers.
    public void hideEnvironment(String function) {
        functions.hideEnvironment(function);
    }

    /// Matches the download of code, which no policy is asked for.
    public static Predicate<Call> codePackage() {
        return Functions::isPackage;
    }

    /// How long a block takes.
    public void latency(Duration time) {
        latency = time;
    }

    /// The instance has an SSM agent, and is this device.
    public void managed(Instance instance, Device device) {
        systems.manage(instance.id(), device);
    }

    /// Commands that were sent to the instance, in their order.
    public List<String> commands(Instance instance) {
        return systems.commands(instance.id());
    }

    /// A management event of CloudTrail.
    ///
    /// @param resources ids of what it is about
    /// @param user name of who did it: of an instance's own role, the instance's id
    /// @param record the event as CloudTrail writes it
    public void trail(Instant at, List<String> resources, String user, String record) {
        logs.event(at, resources, user, record);
    }

    /// A finding of GuardDuty, in its own JSON.
    public void finding(ObjectNode finding) {
        logs.finding(finding);
    }

    public List<Action> actions() {
        return List.copyOf(actions);
    }

    /// Matches calls of one action, such as `ec2:DeleteSnapshot`, for faults.
    public static Predicate<Call> action(String name) {
        return call -> Caller.of(call).map(caller -> caller.action(call)).equals(Optional.of(name));
    }

    /// Blocks of a snapshot that were served, each counted once.
    public int blocksRead(String snapshot) {
        return blocks.distinct(snapshot);
    }

    /// Answers to GetSnapshotBlock, the same block again counted again.
    public int blockReads(String snapshot) {
        return blocks.reads(snapshot);
    }

    /// Blocks read as a share of those that were written.
    public double share(String snapshot) {
        int written = snapshots
                .disk(snapshot)
                .map(disk -> disk.written().cardinality())
                .orElse(0);
        return written == 0 ? 0 : (double) blocks.distinct(snapshot) / written;
    }

    /// Snapshots of the volumes of the scene that exist now.
    public Set<String> snapshots() {
        return snapshots.ids();
    }

    @Override
    protected Response answer(Call call) throws IOException {
        if (Functions.isPackage(call)) {
            return functions.packageOf(call);
        }
        Optional<Caller> signed = Caller.of(call);
        if (signed.isEmpty()) {
            return new Refused(403, "MissingAuthenticationToken", "", "The request is not signed.").in("sts");
        }
        Caller caller = signed.get();
        String action = caller.action(call);
        String account = accounts.getOrDefault(caller.accessKey(), ACCOUNT);
        call.from(account);
        boolean allowed = policy.allows(action, caller.region());
        actions.add(new Action(action, account, caller.region(), allowed));
        try {
            if (!allowed) {
                throw Refused.forbidden(caller.service(), action);
            }
            return switch (caller.service()) {
                case "ebs" -> direct(call, action, account);
                case "s3" -> Buckets.answer(call, moto);
                case "ssm" -> systems.answer(call, action, moto);
                case "lambda" -> functions.answer(call, action);
                case "ecs" -> containers.answer(call, action);
                case "cloudtrail", "guardduty" -> logs.answer(call, action);
                default -> control(call, action, account);
            };
        } catch (Refused e) {
            return e.in(caller.service());
        }
    }

    private Response direct(Call call, String action, String account) throws Refused, IOException {
        if (action.equals("ebs:GetSnapshotBlock")) {
            String snapshot = call.path().split("/", -1)[2];
            int number = blockCalls.incrementAndGet();
            boolean unlucky = refuseEvery > 0 && number % refuseEvery == 0;
            if (unlucky
                    || rate.filter(limit -> !limit.take(account).allowed()
                                    || !limit.take(snapshot).allowed())
                            .isPresent()) {
                throw Refused.throttled("ebs");
            }
            pause();
        }
        return blocks.answer(call, id -> snapshots.readable(id, account, policy, disabledKeys));
    }

    private void pause() throws IOException {
        try {
            new CountDownLatch(1).await(latency.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private Response control(Call call, String action, String account) throws Refused, IOException {
        if (action.equals("iam:SimulatePrincipalPolicy")) {
            return simulated(call);
        }
        if (action.equals("sts:AssumeRole")) {
            expectExternalId(call);
        }
        if (action.equals("ec2:CopySnapshot")) {
            Optional<Response> foreign = copiedFromAnother(call, account);
            if (foreign.isPresent()) {
                return foreign.get();
            }
        }
        Moto.Answer answer = moto.forward(call, action.equals("ec2:DescribeInstances") ? pageSize : 0);
        String body = answer.status() == 200 ? learnt(call, action, account, answer.body()) : answer.body();
        return Response.bytes(answer.status(), answer.type(), body.getBytes(StandardCharsets.UTF_8))
                .with("x-amzn-RequestId", "request-" + actions.size());
    }

    private Optional<Response> copiedFromAnother(Call call, String account) throws Refused, IOException {
        String source = call.request().form("SourceSnapshotId").orElse("");
        if (snapshots.isOf(source, account)) {
            return Optional.empty();
        }
        Caller caller = Caller.of(call).orElseThrow();
        DiskImage disk = snapshots.readable(source, account, policy, disabledKeys);
        String copy = scene.copied(
                caller.accessKey(),
                caller.region(),
                disk.gibibytes(),
                call.request().form());
        snapshots.copied(source, copy, account, call.request().form("KmsKeyId"));
        return Optional.of(Response.bytes(
                200,
                "text/xml",
                "<CopySnapshotResponse><requestId>r</requestId><snapshotId>%s</snapshotId></CopySnapshotResponse>"
                        .formatted(copy)
                        .getBytes(StandardCharsets.UTF_8)));
    }

    private void expectExternalId(Call call) throws Refused {
        String role = call.request().form("RoleArn").orElse("");
        String expected = externalIds.get(role);
        if (expected != null && !call.request().form("ExternalId").equals(Optional.of(expected))) {
            throw Refused.forbidden("sts", "sts:AssumeRole on resource: " + role);
        }
    }

    private String learnt(Call call, String action, String account, String body) throws IOException {
        switch (action) {
            case "ec2:CreateSnapshots", "ec2:CreateSnapshot" -> snapshots.created(body, account);
            case "ec2:CopySnapshot" ->
                snapshots.copied(
                        call.request().form("SourceSnapshotId").orElse(""),
                        Moto.one(body, "snapshotId"),
                        account,
                        call.request().form("KmsKeyId"));
            case "ec2:DeleteSnapshot" ->
                snapshots.deleted(call.request().form("SnapshotId").orElse(""));
            case "ec2:ModifySnapshotAttribute" -> {
                String id = call.request().form("SnapshotId").orElse("");
                call.request()
                        .form("CreateVolumePermission.Add.1.UserId")
                        .ifPresent(user -> snapshots.shared(id, user));
                call.request()
                        .form("CreateVolumePermission.Remove.1.UserId")
                        .ifPresent(user -> snapshots.unshared(id, user));
            }
            case "sts:AssumeRole" ->
                accounts.put(
                        Moto.one(body, "AccessKeyId"),
                        call.request().form("RoleArn").orElse("::::").split(":", -1)[4]);
            case "ec2:DescribeInstances" -> {
                return scene.described(body);
            }
            case "ec2:DescribeFlowLogs" -> {
                return scene.describedFlows(body);
            }
            case "ec2:DescribeSnapshots" -> {
                return snapshots.described(body);
            }
            case "kms:DescribeKey" -> {
                boolean disabled = disabledKeys.stream().anyMatch(body::contains);
                return disabled
                        ? body.replaceAll("\"KeyState\": ?\"Enabled\"", "\"KeyState\": \"Disabled\"")
                                .replaceAll("\"Enabled\": ?true", "\"Enabled\": false")
                        : body;
            }
            default -> {}
        }
        return body;
    }

    /// moto does not simulate policies.
    private Response simulated(Call call) {
        var results = new StringBuilder();
        for (int i = 1; call.request().form("ActionNames.member." + i).isPresent(); i++) {
            String name = call.request().form("ActionNames.member." + i).orElse("");
            results.append(
                    "<member><EvalActionName>%s</EvalActionName><EvalDecision>%s</EvalDecision><EvalResourceName>*</EvalResourceName></member>"
                            .formatted(name, policy.allows(name) ? "allowed" : "implicitDeny"));
        }
        return Response.bytes(
                200,
                "text/xml",
                "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><IsTruncated>false</IsTruncated><EvaluationResults>%s</EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>"
                        .formatted(results)
                        .getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected Response tooMany(Call call) {
        String service = Caller.of(call).map(Caller::service).orElse("ec2");
        return Refused.throttled(service).in(service);
    }

    @Override
    protected Response broken(Call call, int status) {
        String service = Caller.of(call).map(Caller::service).orElse("ec2");
        return Refused.broken(service, status).in(service);
    }

    @Override
    public void close() {
        super.close();
        systems.close();
        containers.close();
        moto.close();
    }
}
