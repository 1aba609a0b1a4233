package io.varve.worker;

import io.varve.acquisition.model.AssetId;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;

/// Compares the alerts about an asset with what was collected from it.
@ApplicationScoped
public class AlertLinks {
    void refresh(AssetId asset) throws IOException {}
}
