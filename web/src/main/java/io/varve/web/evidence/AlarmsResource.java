package io.varve.web.evidence;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.acquisition.model.Assets;
import io.varve.database.Care;
import io.varve.database.EvidenceItems;
import io.varve.web.Items;
import io.varve.web.access.CurrentCaller;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Optional;

/// Evidence that is not as it was sealed, as reading it back has shown.
@Path("/api/v1/alarms")
@RunOnVirtualThread
public class AlarmsResource {
    private static final int MOST = 1_000;

    private final Care care;
    private final EvidenceItems items;
    private final Assets assets;
    private final CurrentCaller current;

    AlarmsResource(Care care, EvidenceItems items, Assets assets, CurrentCaller current) {
        this.care = care;
        this.items = items;
        this.assets = assets;
        this.current = current;
    }

    @GET
    public Items<EvidenceView> all() {
        return new Items<>(care.alarms(current.organisation(), MOST).stream()
                .map(items::find)
                .flatMap(Optional::stream)
                .map(item -> EvidenceView.of(item, assets, care.of(item.key())))
                .toList());
    }
}
