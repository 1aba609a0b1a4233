package io.varve.provider.sentinelone;

import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A collector that has five parts at once, in place of the real one: captures with it take a second. It speaks as
/// docs/collector.md has it.
final class SmallCollector {
    static final int PARTS = 5;

    private static final String SCRIPT = """
            #!/bin/sh
            mode=MODE verb=$1 work=$2/varve-$3
            answer() {
              echo varve-collector 1
              echo "state $1"
              echo "bytes $(cat "$work"/sizes 2>/dev/null | awk '{ s += $1 } END { print s + 0 }')"
              echo "parts $(cat "$work"/sizes 2>/dev/null | wc -l)"
              [ -z "$2" ] || awk -v from="$2" '$2 >= from' "$work"/index
              echo end
            }
            keep() { tee "$work"/answer.tmp && mv "$work"/answer.tmp "$work"/answer; }
            told() {
              if [ ! -d "$work" ]; then answer 'absent nothing'; exit; fi
              [ "$1" -le 2 ] && [ ! -e "$work"/lied ] && [ $mode != plain ] && [ $mode != stuck ] && lie=1
              [ $mode = once ] && [ "$1" -le 2 ] && touch "$work"/lied
              [ $mode = stuck ] && { answer "$state"; exit; }
              if [ -n "$lie" ]; then
                answer "$state" "$1" | sed '/^part 2 /s/[0-9a-f]*$/WRONG/' | keep
              else
                answer "$state" "$1" | keep
              fi
            }
            state=done
            [ $mode = stuck ] && state='running and running'
            case $verb in
              start)
                if [ $mode = full ]; then answer 'failed disk full'; exit 2; fi
                if mkdir -m 700 "$work"; then
                  for n in 1 2 3 4 5; do
                    part=$work/part-00000$n.gz
                    { echo "part $n"; head -c 20000 /dev/urandom; } | gzip >"$part"
                    size=$(stat -c %s "$part")
                    echo "$size" >>"$work"/sizes
                    echo "part $n $size $(sha256sum "$part" | cut -c1-64)" >>"$work"/index
                  done
                fi
                [ $mode != stuck ] || rm "$work"/sizes
                answer "$state" | keep ;;
              state)
                told "$4" ;;
              drop)
                for n in 1 2 3 4 5; do [ "$n" -gt "$4" ] || rm -f "$work"/part-00000$n.gz; done
                told $(($4 + 1)) ;;
              clean)
                rm -rf "$work"
                answer 'absent removed' ;;
            esac
            """;

    private SmallCollector() {}

    /// What is wrong with it.
    enum Mode {
        PLAIN,
        /// Never gets done.
        STUCK,
        /// Cannot begin: `disk full`.
        FULL,
        /// States a wrong digest of part 2 at first.
        ONCE,
        /// States a wrong digest of part 2 for ever.
        ALWAYS
    }

    static CollectorScript script(Mode mode, Platform platform) {
        byte[] content = SCRIPT.replace("MODE", mode.name().toLowerCase(java.util.Locale.ROOT))
                .replace("WRONG", "0".repeat(64))
                .getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.of(content);
        return new CollectorScript(
                platform, "triage", "varve-collect-" + digest.hex().substring(0, 12) + ".sh", content, digest);
    }

    /// Hosts whose channel runs this collector whatever it is told to run.
    static HostDirectory hosts(World world, Mode mode) {
        var real = new SentinelOneHosts(world.clock, world.waiting());
        return new HostDirectory() {
            @Override
            public RemoteHost find(Connection connection, String target)
                    throws ProviderException, InterruptedException {
                return real.find(connection, target);
            }

            @Override
            public Containment containment(Connection connection, RemoteHost host)
                    throws ProviderException, InterruptedException {
                return real.containment(connection, host);
            }

            @Override
            public Channel open(Connection connection, RemoteHost host, CaptureContext context)
                    throws ProviderException {
                return new Small(real.open(connection, host, context), script(mode, Platform.LINUX));
            }
        };
    }

    private record Small(Channel channel, CollectorScript small) implements Channel {
        @Override
        public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
            return channel.deliver(small);
        }

        @Override
        public String run(CollectorScript script, List<String> arguments)
                throws ProviderException, InterruptedException {
            return channel.run(small, arguments);
        }

        @Override
        public void fetch(List<RemoteFile> files, Arrival arrival)
                throws ProviderException, InterruptedException, IOException {
            channel.fetch(files, arrival);
        }

        @Override
        public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
            return channel.remove(small);
        }

        @Override
        public Terms terms() throws ProviderException {
            return channel.terms();
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
