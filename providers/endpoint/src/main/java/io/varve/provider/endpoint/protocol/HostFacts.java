package io.varve.provider.endpoint.protocol;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.function.UnaryOperator;

/// What an agent says about its host. Hostile until proven otherwise: every text is cut to [#LONGEST] characters.
/// What an agent of another version leaves out is empty.
///
/// @param name host name
/// @param fqdn fully qualified name, empty when the host has none
/// @param machineId `/etc/machine-id`, empty when absent
/// @param bootId changes with every start of the host
/// @param os name and version, as `/etc/os-release` has it
/// @param kernel kernel release
/// @param zone IANA time zone of the host
/// @param addresses IP addresses other than loopback
/// @param version version of the agent
@JsonIgnoreProperties(ignoreUnknown = true)
public record HostFacts(
        @JsonSetter(nulls = Nulls.AS_EMPTY) String name,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String fqdn,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String machineId,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String bootId,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String os,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String kernel,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String zone,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> addresses,
        @JsonSetter(nulls = Nulls.AS_EMPTY) String version) {
    public static final int LONGEST = 255;
    public static final int MOST_ADDRESSES = 64;

    public HostFacts {
        UnaryOperator<String> plain = HostFacts::plain;
        name = plain.apply(name);
        fqdn = plain.apply(fqdn);
        machineId = plain.apply(machineId);
        bootId = plain.apply(bootId);
        os = plain.apply(os);
        kernel = plain.apply(kernel);
        zone = plain.apply(zone);
        version = plain.apply(version);
        addresses = addresses.stream().limit(MOST_ADDRESSES).map(plain).toList();
    }

    private static String plain(String text) {
        String shown = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        return shown.codePoints().anyMatch(Character::isISOControl) ? shown.replaceAll("\\p{Cntrl}", "?") : shown;
    }
}
