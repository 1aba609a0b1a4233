package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Alerts of the customer's own rules (STAR). They have no id at the top: it is `alertInfo.alertId`.
final class StarAlerts {
    private static final Rows LIST = new Rows("/alertInfo/alertId")
            .oneOf("ids", "/alertInfo/alertId")
            .oneOf("severity", "/ruleInfo/severity")
            .oneOf("incidentStatus", "/alertInfo/incidentStatus")
            .oneOf("siteIds", "/agentDetectionInfo/siteId")
            .oneOf("accountIds", "/agentDetectionInfo/accountId")
            .times("createdAt", "/alertInfo/createdAt")
            .times("reportedAt", "/alertInfo/reportedAt");

    private final Gate gate;
    private final Map<String, ObjectNode> alerts = new LinkedHashMap<>();

    StarAlerts(Gate gate) {
        this.gate = gate;
    }

    void routes(Routes routes) {
        routes.on("GET", SentinelOneEmulator.BASE + "/cloud-detection/alerts", this::list);
    }

    synchronized void add(JsonNode alert) {
        alerts.put(alert.at("/alertInfo/alertId").asText(), alert.deepCopy());
    }

    private synchronized Response list(Call call) {
        gate.require(call, "STAR Rule Alerts.view");
        return LIST.page(call, List.copyOf(alerts.values()));
    }
}
