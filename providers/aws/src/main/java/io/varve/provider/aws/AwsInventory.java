package io.varve.provider.aws;

import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.Listed;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Reservation;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;

/// EC2 instances of every account and region of the integration, but for those that are terminated, and
/// functions of Lambda where that is switched on: one account after another, the regions of each at once.
final class AwsInventory implements Inventory {
    private static final String GROUP = "aws:autoscaling:groupName";
    private static final int PAGE = 1000;
    private static final int AT_ONCE = 16;

    @Override
    public void list(Connection connection, Listing listing) throws ProviderException, InterruptedException {
        var listed = new Listed(listing);
        try (Cloud cloud = Cloud.of(connection, "varve-inventory")) {
            for (Optional<String> role : cloud.roles()) {
                if (listed.isFull()) {
                    return;
                }
                try {
                    Place account = cloud.account(role);
                    regions(account, cloud, listed);
                    if (cloud.settings().objects()) {
                        buckets(account, listed);
                    }
                    if (cloud.settings().containers()) {
                        new TaskInventory(listed)
                                .list(account, cloud.regions(account), new Asking(Pauses.always(Thread::sleep)));
                    }
                } catch (ProviderException e) {
                    listed.refused(account(role), e);
                }
            }
        }
        listed.expectAnswer();
    }

    private static void buckets(Place account, Listed listed) {
        try (S3Client s3 = account.s3()) {
            for (Bucket bucket :
                    s3.listBucketsPaginator(request -> request.maxBuckets(PAGE)).buckets()) {
                listed.found(new Found(
                        "s3://" + bucket.name(),
                        bucket.name(),
                        Optional.empty(),
                        "S3 bucket",
                        "%s / %s"
                                .formatted(
                                        account.account(),
                                        Optional.ofNullable(bucket.bucketRegion())
                                                .orElse("any region")),
                        Optional.empty(),
                        "there",
                        Optional.ofNullable(bucket.creationDate()),
                        Map.of(),
                        Optional.empty()));
            }
        } catch (SdkException e) {
            listed.refused(account.account(), Errors.of("listing the buckets of " + account.account(), e));
        }
    }

    /// The account that a role's ARN names.
    private static String account(Optional<String> role) {
        String[] parts = role.orElse("").split(":", -1);
        return parts.length > 4 ? parts[4] : role.orElse("the account of the credentials");
    }

    /// @param what where it was asked for, as gaps are named
    /// @param found complete when the answer is there; what came before a refusal is kept
    private record Asked(String what, List<Found> found, Future<?> answer) {}

    private static void regions(Place account, Cloud cloud, Listed listed)
            throws ProviderException, InterruptedException {
        List<String> regions = cloud.regions(account);
        var asked = new ArrayList<Asked>();
        var asking = new Semaphore(AT_ONCE);
        var room = new AtomicInteger(Listed.MOST + 1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String region : regions) {
                Place place = Cloud.in(account, region);
                var found = new ArrayList<Found>();
                asked.add(new Asked(text(place), found, threads.submit(() -> {
                    instances(place, asking, room, found);
                    return found;
                })));
                if (cloud.settings().functions()) {
                    var functions = new ArrayList<Found>();
                    asked.add(new Asked(ofLambda(place), functions, threads.submit(() -> {
                        functions(place, asking, room, functions);
                        return functions;
                    })));
                }
            }
            for (Asked one : asked) {
                take(one, listed);
            }
        }
    }

    private static void take(Asked asked, Listed listed) throws InterruptedException {
        try {
            asked.answer().get();
            listed.answered();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof ProviderException problem)) {
                throw new IllegalStateException(e.getCause());
            }
            listed.refused(asked.what(), problem);
        }
        asked.found().forEach(listed::found);
    }

    private static String text(Place place) {
        return "%s / %s".formatted(place.account(), place.region());
    }

    /// Apart from the region, so that functions that cannot be listed leave instances as they are.
    private static String ofLambda(Place place) {
        return text(place) + " / Lambda";
    }

    /// @param room how many are still wanted of this account
    private static void instances(Place place, Semaphore asking, AtomicInteger room, List<Found> found)
            throws ProviderException, InterruptedException {
        asking.acquire();
        try (Ec2Client ec2 = place.ec2()) {
            for (Reservation reservation : ec2.describeInstancesPaginator(request -> request.maxResults(PAGE))
                    .reservations()) {
                for (Instance instance : reservation.instances()) {
                    if (instance.state().name() == InstanceStateName.TERMINATED) {
                        continue;
                    }
                    if (room.getAndDecrement() <= 0) {
                        return;
                    }
                    found.add(found(place, instance));
                }
            }
        } catch (SdkException e) {
            throw Errors.of("listing the instances of " + place.text(), e);
        } finally {
            asking.release();
        }
    }

    private static void functions(Place place, Semaphore asking, AtomicInteger room, List<Found> found)
            throws ProviderException, InterruptedException {
        asking.acquire();
        try (LambdaClient lambda = place.with(LambdaClient.builder()).build()) {
            for (FunctionConfiguration function :
                    lambda.listFunctionsPaginator(request -> {}).functions()) {
                if (room.getAndDecrement() <= 0) {
                    return;
                }
                found.add(new Found(
                        function.functionArn(),
                        function.functionName(),
                        Optional.empty(),
                        "Lambda function",
                        ofLambda(place),
                        Optional.empty(),
                        "there",
                        Optional.empty(),
                        Map.of(),
                        Optional.empty()));
            }
        } catch (SdkException e) {
            throw Errors.of("listing the functions of " + place.text(), e);
        } finally {
            asking.release();
        }
    }

    private static Found found(Place place, Instance instance) {
        Map<String, String> tags = tags(instance.tags());
        return new Found(
                instance.instanceId(),
                present(tags.get("Name")).orElse(instance.instanceId()),
                present(instance.privateDnsName()),
                "EC2 instance",
                text(place),
                Optional.of(platform(instance)),
                instance.state().nameAsString(),
                Optional.ofNullable(instance.launchTime()),
                tags,
                ephemeral(instance, tags));
    }

    private static Map<String, String> tags(List<Tag> list) {
        var tags = new LinkedHashMap<String, String>();
        for (Tag tag : list) {
            tags.put(String.valueOf(tag.key()), present(tag.value()).orElse(""));
        }
        return tags;
    }

    /// AWS names Windows in the one field or the other; Macs only by their type.
    private static String platform(Instance instance) {
        String said = "%s %s".formatted(instance.platformAsString(), instance.platformDetails());
        if (said.toLowerCase(Locale.ROOT).contains("windows")) {
            return "windows";
        }
        return String.valueOf(instance.instanceTypeAsString()).startsWith("mac") ? "macos" : "linux";
    }

    private static Optional<String> ephemeral(Instance instance, Map<String, String> tags) {
        if (tags.containsKey(GROUP)) {
            return Optional.of("in the auto-scaling group " + tags.get(GROUP));
        }
        return instance.instanceLifecycle() == InstanceLifecycleType.SPOT
                ? Optional.of("a spot instance")
                : Optional.empty();
    }

    private static Optional<String> present(@Nullable String text) {
        return Optional.ofNullable(text).filter(known -> !known.isBlank());
    }
}
