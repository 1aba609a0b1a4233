package io.varve.provider.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.InstanceAttributeName;
import software.amazon.awssdk.services.ec2.model.InstanceBlockDeviceMappingSpecification;

/// Keeps an instance and its volumes from being removed while they are captured, and puts back what was there before.
final class Protection {
    /// Step that holds what was there before, stored before anything is changed.
    private static final String BEFORE = "protection_before";

    private static final String SET = "protection";
    private static final String RESTORED = "protection_restored";

    private final Place place;
    private final Host host;

    Protection(Place place, Host host) {
        this.place = place;
        this.host = host;
    }

    /// @param volumes devices whose volumes went away with the instance
    record Before(boolean termination, boolean inGroup, boolean scaleIn, List<String> volumes) {}

    void set(CaptureContext context) throws ProviderException, IOException {
        if (context.step(SET).isPresent()) {
            return;
        }
        try (Ec2Client ec2 = place.ec2();
                AutoScalingClient scaling = place.autoScaling()) {
            if (context.step(BEFORE).isEmpty()) {
                context.completed(BEFORE, Host.write(now(ec2, scaling)));
            }
            Before before = before(context);
            if (!before.termination()) {
                termination(ec2, true);
            }
            if (before.inGroup() && !before.scaleIn()) {
                scaleIn(scaling, true);
            }
            for (String device : before.volumes()) {
                deleteOnTermination(ec2, device, false);
            }
            context.custody("protection.set", "%s: %s".formatted(host.instance(), words(before)));
            context.completed(SET, "set");
        } catch (SdkException e) {
            throw Errors.of("protecting %s from being removed".formatted(host.instance()), e);
        }
    }

    private Before now(Ec2Client ec2, AutoScalingClient scaling) {
        boolean termination = Boolean.TRUE.equals(ec2.describeInstanceAttribute(request ->
                        request.instanceId(host.instance()).attribute(InstanceAttributeName.DISABLE_API_TERMINATION))
                .disableApiTermination()
                .value());
        boolean scaleIn = !host.group().isEmpty()
                && scaling
                        .describeAutoScalingInstances(request -> request.instanceIds(host.instance()))
                        .autoScalingInstances()
                        .stream()
                        .anyMatch(AutoScalingInstanceDetails::protectedFromScaleIn);
        List<String> volumes = host.volumes().stream()
                .filter(Host.Volume::deleteOnTermination)
                .map(Host.Volume::device)
                .toList();
        return new Before(termination, !host.group().isEmpty(), scaleIn, volumes);
    }

    private static Before before(CaptureContext context) {
        return Host.read(context.step(BEFORE).orElseThrow(), new TypeReference<Before>() {});
    }

    private static String words(Before before) {
        return "termination protection %s, scale-in protection %s, %d volumes that went away with it"
                .formatted(
                        before.termination() ? "was on" : "was off, now on",
                        before.inGroup() ? before.scaleIn() ? "was on" : "was off, now on" : "does not apply",
                        before.volumes().size());
    }

    /// Puts back what was there before; an instance that is gone needs nothing.
    void restore(CaptureContext context) throws ProviderException, IOException {
        if (context.step(BEFORE).isEmpty() || context.step(RESTORED).isPresent()) {
            return;
        }
        Before before = before(context);
        try (Ec2Client ec2 = place.ec2();
                AutoScalingClient scaling = place.autoScaling()) {
            for (String device : before.volumes()) {
                unlessGone(() -> deleteOnTermination(ec2, device, true));
            }
            if (before.inGroup() && !before.scaleIn()) {
                unlessGone(() -> scaleIn(scaling, false));
            }
            if (!before.termination()) {
                unlessGone(() -> termination(ec2, false));
            }
        } catch (SdkException e) {
            throw Errors.of("putting back what protected %s before".formatted(host.instance()), e);
        }
        context.custody("protection.restored", host.instance());
        context.completed(RESTORED, "as it was");
    }

    private static void unlessGone(Runnable change) {
        try {
            change.run();
        } catch (AwsServiceException e) {
            boolean leftGroup = Errors.code(e).equals("ValidationError");
            if (!Errors.isGone(e) && !Errors.code(e).equals("IncorrectInstanceState") && !leftGroup) {
                throw e;
            }
        }
    }

    private void termination(Ec2Client ec2, boolean disabled) {
        ec2.modifyInstanceAttribute(
                request -> request.instanceId(host.instance()).disableApiTermination(value -> value.value(disabled)));
    }

    private void scaleIn(AutoScalingClient scaling, boolean isProtected) {
        scaling.setInstanceProtection(request -> request.instanceIds(host.instance())
                .autoScalingGroupName(host.group())
                .protectedFromScaleIn(isProtected));
    }

    private void deleteOnTermination(Ec2Client ec2, String device, boolean delete) {
        ec2.modifyInstanceAttribute(request -> request.instanceId(host.instance())
                .blockDeviceMappings(InstanceBlockDeviceMappingSpecification.builder()
                        .deviceName(device)
                        .ebs(volume -> volume.deleteOnTermination(delete))
                        .build()));
    }
}
